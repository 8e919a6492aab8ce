package io.kerf.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;

/**
 * What each cut changes in each relation, as a heat map: losses in one colour, gains in another,
 * white where nothing changed.
 */
public final class ChangeMap {
  private static final int MOST_ROWS = 200;
  private static final int LABEL_CHARACTERS = 44;
  private static final int ROW_PIXELS = 24;
  private static final int FEWEST_COLUMN_PIXELS = 70;
  private static final int FEWEST_PIXELS = 460; // the title stands above the cells alone
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
    if (rows.size() > MOST_ROWS) {
      throw new IllegalArgumentException(
          "chart '%s' would have %,d rows, more than %d can be read; look at the table instead"
              .formatted(title, rows.size(), MOST_ROWS));
    }
    if (points.length != rows.size()
        || Arrays.stream(points).anyMatch(row -> row.length != columns.size())) {
      throw new IllegalArgumentException(
          "chart '%s' needs %d rows of %d values".formatted(title, rows.size(), columns.size()));
    }
    List<String> rising = distinct(rows);
    Collections.reverse(rising); // the axis begins at the bottom
    List<String> across = distinct(columns);
    int left = (int) (CHARACTER_PIXELS * longest(rising)) + 20;
    int cell = Math.max(FEWEST_COLUMN_PIXELS, FEWEST_PIXELS / columns.size());
    boolean turned = longest(across) * CHARACTER_PIXELS > cell;
    int below = turned ? (int) (CHARACTER_PIXELS * longest(across) * 0.55) : 20;
    HeatMapChart chart =
        new HeatMapChart(
            left + cell * columns.size() + 40, ROW_PIXELS * rows.size() + below + 90, new Theme());
    Charts.entitle(chart, title, "", "");
    chart.addSeries("change in points", across, rising, cells(rows.size(), points));
    double most =
        Arrays.stream(points)
            .flatMapToDouble(Arrays::stream)
            .filter(Double::isFinite)
            .map(Math::abs)
            .max()
            .orElse(1);
    double end = most == 0 ? 1 : most;
    chart.getStyler().setMin(-end).setMax(end);
    chart.getStyler().setLegendVisible(false); // every cell has its number
    chart.getStyler().setRangeColors(Theme.lossToGain());
    chart.getStyler().setShowValue(true);
    chart.getStyler().setValueFont(Theme.CELL_FONT);
    chart.getStyler().setValueFontColor(chart.getStyler().getChartFontColor());
    chart.getStyler().setHeatMapValueDecimalPattern("0.0");
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

  /** XChart finds a cell by its labels, so no two may be the same. */
  private static List<String> distinct(List<String> labels) {
    List<String> distinct = new ArrayList<>();
    for (String label : labels) {
      String shown = shortened(Legible.line(label));
      String own = shown;
      for (int again = 2; distinct.contains(own); again++) {
        own = shown + " (" + again + ")";
      }
      distinct.add(own);
    }
    return distinct;
  }

  private static String shortened(String label) {
    return label.length() <= LABEL_CHARACTERS
        ? label
        : label.substring(0, LABEL_CHARACTERS - 1).strip() + "\u2026";
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
