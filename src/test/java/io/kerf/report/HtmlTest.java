package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void replacesTheFiveCharactersThatMeanSomething() {
    assertEquals(
        "&lt;script&gt;alert(&quot;a&#39;b&quot;) &amp;amp;&lt;/script&gt;",
        Html.escape("<script>alert(\"a'b\") &amp;</script>"));
  }

  @Test
  void leavesEverythingElse() {
    assertEquals("Zürich 東京 \ud83e\udd99 {x}", Html.escape("Zürich 東京 \ud83e\udd99 {x}"));
  }

  @Test
  void writesNothingForNull() {
    assertEquals("", Html.escape(null));
  }
}
