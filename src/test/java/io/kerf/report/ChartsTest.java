package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class ChartsTest {
  private static Curve curve(String name) {
    return new Curve(name, List.of(new Curve.Point(0.1, 0.3), new Curve.Point(0.9, 0.1)));
  }

  @Test
  void drawsCurvesWithDifferentDashes() {
    XYChart chart = Charts.lines("t", "x", "y", List.of(curve("a"), curve("b")));
    assertArrayEquals(new double[] {0.3, 0.1}, chart.getSeriesMap().get("a").getYData());
    assertFalse(
        chart
            .getSeriesMap()
            .get("a")
            .getLineStyle()
            .equals(chart.getSeriesMap().get("b").getLineStyle()));
  }

  @Test
  void errorBarsAreDrawnWhereThereAreErrors() {
    Curve with = new Curve("with", List.of(new Curve.Point(0, 1, 0.5), new Curve.Point(1, 2)));
    XYChart chart = Charts.lines("t", "x", "y", List.of(with, curve("without")));
    assertArrayEquals(
        new double[] {0.5, Double.NaN}, chart.getSeriesMap().get("with").getExtraValues());
    assertEquals(null, chart.getSeriesMap().get("without").getExtraValues());
  }

  @Test
  void referenceCrossesTheWholeChart() {
    XYChart chart = Charts.lines("t", "x", "y", List.of(curve("a")));
    XYSeries dense = Charts.withReference(chart, "dense", 0.35).getSeriesMap().get("dense");
    assertArrayEquals(new double[] {0.1, 0.9}, dense.getXData());
    assertArrayEquals(new double[] {0.35, 0.35}, dense.getYData());
  }

  @Test
  void textSpellsThePointsOut() {
    XYChart chart = Charts.lines("Score", "sparsity", "P@1", List.of(curve("FFN")));
    assertEquals(
        "Score (P@1 by sparsity)\n  FFN: 0.1000 0.3000, 0.9000 0.1000", ChartText.of(chart));
    assertEquals(
        "Bars (P@1)\n  squad: dense 0.1410, int8 0.1375",
        ChartText.of(
            Charts.bars(
                "Bars",
                "",
                "P@1",
                List.of("dense", "int8"),
                Map.of("squad", List.of(.141, .1375)))));
  }

  @Test
  void refusesNothingToDraw() {
    assertEquals(
        "chart 't' has no curves to draw",
        assertThrows(IllegalArgumentException.class, () -> Charts.lines("t", "x", "y", List.of()))
            .getMessage());
    assertEquals(
        "curve 'a' has no points",
        assertThrows(IllegalArgumentException.class, () -> new Curve("a", List.of())).getMessage());
    assertEquals(
        "chart 't' has no bars to draw",
        assertThrows(
                IllegalArgumentException.class,
                () -> Charts.bars("t", "x", "y", List.of(), Map.of()))
            .getMessage());
  }

  @Test
  void refusesHeightsThatDoNotFitTheCategories() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Charts.bars("t", "x", "y", List.of("a", "b"), Map.of("s", List.of(1.0))));
    assertEquals("chart 't': series 's' has 1 heights for 2 categories", error.getMessage());
  }

  @Test
  void longCategoryNamesAreTurned() {
    List<String> names =
        List.of(
            "magnitude 50% ATTENTION", "magnitude 50% FFN", "max-gap 4 layers", "int8 dynamic ALL");
    assertTrue(
        Charts.bars("t", "", "y", names, Map.of("s", List.of(1.0, 2.0, 3.0, 4.0)))
                .getStyler()
                .getXAxisLabelRotation()
            > 0);
  }

  @Test
  void axisOfBarsEndsAtTheTickAboveTheHighest() {
    assertEquals(0.8, Charts.roundAbove(0.7), 1e-12);
    assertEquals(0.16, Charts.roundAbove(0.141), 1e-12);
    assertEquals(30, Charts.roundAbove(25), 1e-12);
    assertEquals(1.2, Charts.roundAbove(1), 1e-12);
  }

  @Test
  void aLongTitleIsSetSmaller() {
    String title = "What does compression cost the model, ".repeat(3);
    XYChart chart = Charts.lines(title, "x", "y", List.of(curve("a")));
    assertTrue(chart.getStyler().getChartTitleFont().getSize() < 15);
  }
}
