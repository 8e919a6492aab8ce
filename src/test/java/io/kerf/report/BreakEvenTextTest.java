package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.BreakEven;
import io.kerf.eval.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class BreakEvenTextTest {
  private static final double NAN = Double.NaN;

  private static BreakEven bill(double dense, double cut, Interval saving, Interval queries) {
    return new BreakEven(203.1, dense, cut, saving, queries);
  }

  private static Interval between(double low, double high) {
    return new Interval(low, high, 0.95);
  }

  private static final BreakEven PAYS =
      bill(0.5, 0.4588, between(0.039, 0.0432), between(4706, 5212));

  private static String sentence(BreakEven bill) {
    return BreakEvenText.sentence(bill, "s");
  }

  @Test
  void saysWhenTheCutHasPaid() {
    assertEquals(
        "Training took 203 s; 1,000 queries take 41.2 s less; the cut has paid after 4,930 queries"
            + " (95 %: 4,710 to 5,210).",
        sentence(PAYS));
    assertEquals(
        "Training took 203 s; 1,000 queries take 300,000 s less; the cut has paid after 1 query"
            + " (95 %: 1 or more).",
        sentence(bill(400, 100, between(1, 400), between(0.5, Double.POSITIVE_INFINITY))));
  }

  @Test
  void saysWhyThereIsNoInterval() {
    assertEquals(
        "Training took 203 s; 1,000 queries take 41.2 s less; the cut has paid after 4,930 queries"
            + " (no interval: one step of training has no spread).",
        sentence(bill(0.5, 0.4588, between(0.039, 0.0432), between(NAN, NAN))));
    assertEquals(
        "Training took 33.1 TFLOP; 1,000 queries take 5.60 TFLOP less; the cut has paid after 5,910"
            + " queries.",
        BreakEvenText.sentence(BreakEven.counted(33.1, 0.0432, 0.0376), "TFLOP"));
  }

  @Test
  void saysThatItNeverPays() {
    assertEquals(
        "Training took 203 s, and 1,000 queries take 20 s more (95 %: 10 to 30 s): the cut never"
            + " pays.",
        sentence(bill(0.5, 0.52, between(-0.03, -0.01), between(1 / 0.0, 1 / 0.0))));
    assertEquals(
        "Training took 203 s, and 1,000 queries take as much as before: the cut never pays.",
        sentence(BreakEven.counted(203.1, 2, 2)));
  }

  @Test
  void saysThatItDoesNotKnow() {
    assertEquals(
        "Training took 203 s; 1,000 queries take between 3 s more and 21 s less (95 %): whether the"
            + " cut ever pays does not show in what was measured; if it does, not before 9,670"
            + " queries.",
        sentence(bill(0.5, 0.49, between(-0.003, 0.021), between(9671, 1 / 0.0))));
    assertEquals(
        "Training took 203 s; 1,000 queries take between 0 s less and 0 s less (95 %): whether the"
            + " cut ever pays does not show in what was measured.",
        sentence(bill(0.5, 0.5, between(0, 0), between(1 / 0.0, 1 / 0.0))));
  }

  @Test
  void numbersHaveThreeDigits() {
    assertEquals("0.0412", BreakEvenText.three(0.04123));
    assertEquals("41.2", BreakEvenText.three(41.23));
    assertEquals("4,930", BreakEvenText.three(4927));
    assertEquals("1,000", BreakEvenText.three(999.9));
    assertEquals("0", BreakEvenText.three(0));
    assertEquals("8", BreakEvenText.whole(7.1));
  }

  @Test
  void tableHasARowForEachBill() {
    FootnotedTable table =
        BreakEvenTable.of(
            "When",
            List.of(
                new BreakEvenRow("measured here", "s", PAYS),
                new BreakEvenRow("operations", "TFLOP", BreakEven.counted(33.1, 0.04, 0.05))),
            "stands");
    assertEquals(500, table.doubleColumn("1,000 queries dense").get(0), 1e-9);
    assertEquals(41.2, table.doubleColumn("saved").get(0), 1e-9);
    assertEquals(4930, table.doubleColumn("paid after queries").get(0));
    assertEquals(4706, table.doubleColumn("paid from").get(0));
    assertTrue(table.doubleColumn("paid after queries").isMissing(1));
    assertTrue(table.doubleColumn("saved from").isMissing(1));
    assertEquals("stands", table.footnote());
  }

  @Test
  void amountsAreInAUnitThatShowsThem() {
    BreakEvenRow tiny =
        BreakEvenRow.counted(
            "operations", BreakEvenRow.OPERATIONS, BreakEven.counted(7e10, 7e7, 5e7));
    assertEquals("GFLOP", tiny.unit());
    assertEquals(70, tiny.bill().training(), 1e-9);
    assertEquals(0.07, tiny.bill().dense(), 1e-12);
    assertEquals(3500, tiny.bill().count(), 1e-6);
    BreakEvenRow time =
        BreakEvenRow.counted("m", BreakEvenRow.TIMES, BreakEven.counted(2e-9, 2e-12, 1e-12));
    assertEquals("\u00b5s", time.unit());
  }

  @Test
  void linesBeginAtNothingAndAtTheTrainingAndCross() {
    XYChart chart = BreakEvenChart.of("t", "dense", "healed", PAYS, "s");
    XYSeries dense = chart.getSeriesMap().get("dense");
    XYSeries cut = chart.getSeriesMap().get("healed, training first");
    assertEquals(0, dense.getYData()[0]);
    assertEquals(203.1, cut.getYData()[0]);
    double right = dense.getXData()[2];
    assertTrue(right > 5212, "right " + right);
    assertEquals(0.5 * right, dense.getYData()[2], 1e-9);
    assertEquals(203.1 + 0.4588 * right, cut.getYData()[2], 1e-9);
    XYSeries crossing = chart.getSeriesMap().get("paid after 4,930 (95 %: 4,710 to 5,210)");
    assertArrayEquals(new double[] {PAYS.count()}, crossing.getXData());
    XYSeries band = chart.getSeriesMap().get("95 % of the crossing");
    assertArrayEquals(new double[] {4706, 4706, 5212, 5212}, band.getXData());
    assertTrue(Picture.png(chart).length > 0);
  }

  @Test
  void aCutThatDoesNotPayHasNoCrossing() {
    XYChart chart = BreakEvenChart.of("t", "dense", "dense", BreakEven.counted(200, 2, 3), "s");
    assertEquals(2, chart.getSeriesMap().size());
    assertFalse(chart.getSeriesMap().keySet().stream().anyMatch(name -> name.contains("paid")));
    assertTrue(Picture.png(chart).length > 0);
  }

  @Test
  void whatIsShownIsEscaped() {
    String html =
        BreakEvenText.html(
            List.of(new BreakEvenRow("<i>", "s", PAYS), new BreakEvenRow("<b>", "s", PAYS)),
            List.of());
    assertFalse(html.contains("<b>") || html.contains("<i>"), html);
    assertTrue(html.contains("&lt;b&gt;: training took 203 s"), html);
  }
}
