package io.kerf.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;

/**
 * What each cut changes in each relation, as a heat map: losses in one colour, gains in another,
 * white where nothing changed.
 */
public final class ChangeMap {
  private static final int ROW_PIXELS = 24;
  private static final int FEWEST_COLUMN_PIXELS = 70;
  private static final int LEGEND_PIXELS = 110;
  private static final double CHARACTER_PIXELS = 7.2;

  private ChangeMap() {}

  /**
   * The map.
   *
   * @param title above it
   * @param rows from top to bottom: relations
   * @param columns from left to right: cuts
   * @param points by row and column, what changed in percentage points; NaN leaves the cell empty
   */
  public static HeatMapChart of(
      String title, List<String> rows, List<String> columns, double[][] points) {
    if (rows.isEmpty() || columns.isEmpty()) {
      throw new IllegalArgumentException("chart '" + title + "' has no cells to draw");
    }
    int left = (int) (CHARACTER_PIXELS * longest(rows)) + 20;
    boolean turned = longest(columns) * CHARACTER_PIXELS > FEWEST_COLUMN_PIXELS;
    int width = left + columns.size() * FEWEST_COLUMN_PIXELS + LEGEND_PIXELS;
    int below = turned ? (int) (CHARACTER_PIXELS * longest(columns) * 0.55) : 20;
    int height = rows.size() * ROW_PIXELS + below + 110;
    HeatMapChart chart = new HeatMapChart(Math.max(560, width), Math.max(300, height), new Theme());
    Charts.entitle(chart, title, "", "");
    List<String> rising = new ArrayList<>(rows); // the axis begins at the bottom
    java.util.Collections.reverse(rising);
    chart.addSeries("change in points", columns, rising, cells(rows.size(), points));
    double most =
        Arrays.stream(points)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .map(Math::abs)
            .max()
            .orElse(1);
    double end = most == 0 ? 1 : Charts.roundAbove(most);
    chart.getStyler().setMin(-end).setMax(end);
    chart.getStyler().setRangeColors(Theme.lossToGain());
    chart.getStyler().setShowValue(true);
    chart.getStyler().setValueFont(Theme.CELL_FONT);
    chart.getStyler().setValueFontColor(chart.getStyler().getChartFontColor());
    chart.getStyler().setHeatMapValueDecimalPattern("+0.0;-0.0");
    chart.getStyler().setPlotContentSize(1);
    chart.getStyler().setPlotGridLinesVisible(false);
    if (turned) {
      chart
          .getStyler()
          .setXAxisLabelRotation(28)
          .setXAxisLabelAlignment(TextAlignment.Right)
          .setXAxisLabelAlignmentVertical(TextAlignment.Right);
    }
    return chart;
  }

  private static int longest(List<String> labels) {
    return labels.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Column, row from the bottom, value. */
  private static List<Number[]> cells(int rows, double[][] points) {
    List<Number[]> cells = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < points[row].length; column++) {
        if (Double.isFinite(points[row][column])) {
          cells.add(new Number[] {column, rows - 1 - row, points[row][column]});
        }
      }
    }
    return cells;
  }
}
