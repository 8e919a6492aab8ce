package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LegibleTest {
  @Test
  void showsWhatWouldBeObeyedAsReplacementCharacters() {
    assertEquals("a\uFFFD[31mb\uFFFDc", Legible.of("a\u001B[31mb\u202Ec"));
    assertEquals("\uFFFD\uFFFD", Legible.of("\u0000\u2066"));
    assertEquals("\uFFFD\uFFFDx", Legible.of("\uFFFE\uD800x"));
  }

  @Test
  void leavesScriptsMarksAndBreaks() {
    String text = "שלום\u200F Zürich 東京 \uD83D\uDE00\n\tend";
    assertEquals(text, Legible.of(text));
    assertEquals("a b c", Legible.line("a\nb\tc"));
    assertEquals("", Legible.of(null));
  }
}
