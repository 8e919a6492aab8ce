package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.HeatMapChart;

class ChangeMapTest {
  private static final double[][] POINTS = {{-3.3, 0}, {Double.NaN, 1.7}};

  @Test
  void textSpellsTheCellsOutFromTheTop() {
    HeatMapChart chart = ChangeMap.of("Points", List.of("P19", "P20"), List.of("a", "b"), POINTS);
    assertEquals(
        "Points\n  change in points: \n    P19: a -3.300, b 0.000\n    P20: b 1.700",
        ChartText.of(chart));
  }

  @Test
  void coloursAreEvenOnBothSidesOfZero() {
    HeatMapChart chart = ChangeMap.of("t", List.of("P19", "P20"), List.of("a", "b"), POINTS);
    assertEquals(-3.3, chart.getStyler().getMin());
    assertEquals(3.3, chart.getStyler().getMax());
    HeatMapChart still = ChangeMap.of("t", List.of("P19"), List.of("a"), new double[1][1]);
    assertEquals(1, still.getStyler().getMax());
    assertTrue(Picture.svg(still).contains("<svg"));
  }

  @Test
  void growsWithItsRows() {
    List<String> rows = Collections.nCopies(40, "P19: X was born in Y");
    HeatMapChart chart = ChangeMap.of("t", rows, List.of("a"), new double[40][1]);
    assertTrue(chart.getHeight() > 40 * 20);
    assertEquals(
        40, chart.getSeriesMap().get("change in points").getYData().stream().distinct().count());
  }

  @Test
  void labelsAreCutAndHarmless() {
    String evil = "<script>alert(1)</script>\u202E\u0000\"'&" + "long ".repeat(40);
    HeatMapChart chart = ChangeMap.of(evil, List.of(evil), List.of(evil), new double[1][1]);
    String svg = Picture.svg(chart);
    assertFalse(svg.contains("<script"), svg);
    assertFalse(svg.contains("\u202E") || svg.contains("\u0000"), svg);
    assertTrue(
        chart.getSeriesMap().get("change in points").getYData().get(0).toString().length() <= 44);
  }

  @Test
  void refusesWhatCannotBeDrawn() {
    assertEquals(
        "chart 't' has no cells to draw",
        assertThrows(
                IllegalArgumentException.class,
                () -> ChangeMap.of("t", List.of(), List.of("a"), new double[0][]))
            .getMessage());
    assertEquals(
        "chart 't' needs 1 rows of 2 values",
        assertThrows(
                IllegalArgumentException.class,
                () -> ChangeMap.of("t", List.of("P"), List.of("a", "b"), new double[1][1]))
            .getMessage());
    assertEquals(
        "chart 't' would have 201 rows, more than 200 can be read; look at the table instead",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    ChangeMap.of(
                        "t", Collections.nCopies(201, "P"), List.of("a"), new double[201][1]))
            .getMessage());
  }
}
