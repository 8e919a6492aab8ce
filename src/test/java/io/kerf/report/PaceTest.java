package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  private static Pace pace(long done, long total, String unit, long seconds, boolean ended) {
    return new Pace("LAMA squad", done, total, unit, seconds * SECOND, "", ended);
  }

  @Test
  void estimatesWhatIsLeftFromThePaceSoFar() {
    // 100 of 400 in 10 s: 10 a second, 300 more take 30 s
    Pace pace = pace(100, 400, "requests", 10, false);
    assertEquals(10, pace.rate(), 1e-9);
    assertEquals(30, pace.remainingSeconds(), 1e-9);
    assertEquals(0.25, pace.fraction(), 1e-9);
    assertEquals(
        "LAMA squad [#####...............]  25% 100 / 400 requests, 0:10, 0:30 left,"
            + " 10.0 requests/s",
        pace.text());
  }

  @Test
  void saysNothingOfWhatIsLeftBeforeTheFirstUnit() {
    assertTrue(Double.isNaN(pace(0, 400, "requests", 3, false).remainingSeconds()));
    assertTrue(Double.isNaN(pace(7, 0, "requests", 3, false).remainingSeconds()));
  }

  @Test
  void countsBytesInDecimalUnits() {
    assertEquals("220 MB / 433 MB", pace(220_000_000, 433_000_000, "bytes", 1, false).amount());
    assertEquals("12.4 kB", pace(12_400, 0, "bytes", 1, false).amount());
  }

  @Test
  void endedIsDoneOrStopped() {
    assertFalse(pace(400, 400, "requests", 10, true).text().contains("stopped"));
    assertTrue(pace(100, 400, "requests", 10, true).text().endsWith(", stopped"));
    assertTrue(pace(400, 400, "requests", 10, true).html().contains(">done<"));
    assertTrue(pace(100, 400, "requests", 10, true).html().contains("stopped at 25 %"));
  }

  @Test
  void htmlEscapesLabelAndNote() {
    String html = new Pace("<b>", 1, 2, "\"x\"", SECOND, "<script>", false).html();
    assertFalse(html.contains("<b>"), html);
    assertFalse(html.contains("<script>"), html);
    assertFalse(html.contains("\"x\""), html);
  }

  @Test
  void timesReadAsClocks() {
    assertEquals("0:07", Amounts.clock(7.4));
    assertEquals("12:34", Amounts.clock(754));
    assertEquals("1:02:03", Amounts.clock(3723));
  }

  @Test
  void amountsHaveThreeDigits() {
    assertEquals("987 B", Amounts.bytes(987));
    assertEquals("1.00 kB", Amounts.bytes(1000));
    assertEquals("999 kB", Amounts.bytes(999_499));
    assertEquals("1.00 MB", Amounts.bytes(999_500));
    assertEquals("12.4 MB", Amounts.bytes(12_400_000));
    assertEquals("1.23 GB", Amounts.bytes(1_230_000_000));
    assertEquals("0.52", Amounts.rate(0.52));
    assertEquals("4,120", Amounts.rate(4120));
  }
}
