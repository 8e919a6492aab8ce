package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WhitespaceTest {
  @Test
  void countsEmptyPiecesAtTheEndsAsPythonDoes() {
    assertEquals(1, Whitespace.pieces(""));
    assertEquals(2, Whitespace.pieces("two words"));
    assertEquals(4, Whitespace.pieces("\n two\u00a0\u3000words "));
  }

  @Test
  void findsTrailingWhiteSpaceOfAnyAlphabet() {
    assertEquals(1, Whitespace.trailing("a \u2003\n"));
    assertEquals(3, Whitespace.trailing("a b"));
    assertEquals(0, Whitespace.trailing("  "));
  }
}
