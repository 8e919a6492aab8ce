package io.kerf.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts in Kerf's own look: lines with error bars and a reference, and grouped bars. */
public final class Charts {
  private static final int WIDTH_PIXELS = 760;
  private static final int HEIGHT_PIXELS = 430;

  /** XChart alone would write a half as ".5". */
  private static final String PLAIN_NUMBER = "#,##0.####";

  /** As many as fit above a chart of that width at the title's full size. */
  private static final int TITLE_CHARACTERS = 58;

  /** As many as fit along the bottom. */
  private static final int LABEL_CHARACTERS = 70;

  private Charts() {}

  /**
   * Lines over a shared axis, told apart by colour, marker and dash.
   *
   * @param title above the chart
   * @param xTitle the axis along the bottom, with its unit
   * @param yTitle the axis on the left, with its unit
   * @param curves at least one
   */
  public static XYChart lines(String title, String xTitle, String yTitle, List<Curve> curves) {
    if (curves.isEmpty()) {
      throw new IllegalArgumentException("chart '" + title + "' has no curves to draw");
    }
    Theme theme = new Theme();
    XYChart chart = new XYChart(WIDTH_PIXELS, HEIGHT_PIXELS, theme);
    entitle(chart, title, xTitle, yTitle);
    chart.getStyler().setDecimalPattern(PLAIN_NUMBER);
    BasicStroke[] strokes = theme.getSeriesLines();
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      XYSeries series =
          curve.hasErrors()
              ? chart.addSeries(curve.name(), curve.xs(), curve.ys(), curve.errors())
              : chart.addSeries(curve.name(), curve.xs(), curve.ys());
      series.setLineStyle(strokes[i % strokes.length]);
    }
    if (curves.size() == 1) {
      chart.getStyler().setLegendVisible(false);
    }
    alignFractions(
        chart,
        curves.stream()
            .flatMap(curve -> curve.points().stream())
            .mapToDouble(Curve.Point::y)
            .filter(Double::isFinite)
            .summaryStatistics());
    return chart;
  }

  /**
   * Adds a dashed level line across the whole chart, such as the dense model's score.
   *
   * @return the same chart
   */
  public static XYChart withReference(XYChart chart, String name, double level) {
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    for (XYSeries series : chart.getSeriesMap().values()) {
      for (double x : series.getXData()) {
        left = Math.min(left, x);
        right = Math.max(right, x);
      }
    }
    XYSeries line = chart.addSeries(name, new double[] {left, right}, new double[] {level, level});
    line.setLineStyle(Theme.referenceStroke());
    line.setLineColor(Theme.REFERENCE);
    line.setMarkerColor(Theme.REFERENCE);
    line.setMarker(SeriesMarkers.NONE);
    chart.getStyler().setLegendVisible(true);
    return chart;
  }

  /** Bars without error bars; see {@link #bars(String, String, String, List, Map, Map)}. */
  public static CategoryChart bars(
      String title,
      String xTitle,
      String yTitle,
      List<String> categories,
      Map<String, List<Double>> heights) {
    return bars(title, xTitle, yTitle, categories, heights, Map.of());
  }

  /**
   * Bars side by side, one group for each category and one colour for each series.
   *
   * @param categories from left to right
   * @param heights series name to one height for each category; NaN draws none
   * @param errors series name to the half length of each error bar, NaN for none; a series may be
   *     absent
   */
  public static CategoryChart bars(
      String title,
      String xTitle,
      String yTitle,
      List<String> categories,
      Map<String, List<Double>> heights,
      Map<String, List<Double>> errors) {
    if (categories.isEmpty() || heights.isEmpty()) {
      throw new IllegalArgumentException("chart '" + title + "' has no bars to draw");
    }
    CategoryChart chart = new CategoryChart(WIDTH_PIXELS, HEIGHT_PIXELS, new Theme());
    entitle(chart, title, xTitle, yTitle);
    chart.getStyler().setDecimalPattern(PLAIN_NUMBER);
    heights.forEach(
        (name, values) -> {
          if (values.size() != categories.size()) {
            throw new IllegalArgumentException(
                "chart '%s': series '%s' has %d heights for %d categories"
                    .formatted(title, name, values.size(), categories.size()));
          }
          CategorySeries series = chart.addSeries(name, categories, values, errors.get(name));
          series.setLineColor(new Color(0, true));
        });
    chart.getStyler().setErrorBarsColorSeriesColor(false); // on a bar of its own colour, unseen
    turnLongLabels(chart, categories);
    levelTop(chart, heights, errors);
    if (heights.size() == 1) {
      chart.getStyler().setLegendVisible(false);
    }
    return chart;
  }

  /** Scores on an axis all have two decimals, so that .1 and .12 stand in line. */
  private static void alignFractions(Chart<?, ?> chart, DoubleSummaryStatistics values) {
    if (values.getMax() <= 1 && values.getMin() >= -1 && values.getMax() - values.getMin() > .05) {
      ((AxesChartStyler) chart.getStyler()).setYAxisDecimalPattern("0.00");
    }
  }

  static void entitle(Chart<?, ?> chart, String title, String xTitle, String yTitle) {
    chart.setTitle(Legible.line(title));
    chart.setXAxisTitle(Legible.line(xTitle));
    chart.setYAxisTitle(Legible.line(yTitle));
    int fit = TITLE_CHARACTERS * chart.getWidth() / WIDTH_PIXELS;
    if (title.length() > fit) {
      Font font = chart.getStyler().getChartTitleFont();
      float size = Math.max(9f, font.getSize2D() * fit / title.length());
      chart.getStyler().setChartTitleFont(font.deriveFont(size));
    }
  }

  /** Labels that would run into each other are turned, with room on the left for the first. */
  private static void turnLongLabels(CategoryChart chart, List<String> categories) {
    int longest = categories.stream().mapToInt(String::length).max().orElse(0);
    if (longest * categories.size() <= LABEL_CHARACTERS) {
      return;
    }
    int degrees = categories.size() > 6 ? 45 : 28;
    double reach = categories.get(0).length() * 7 * Math.cos(Math.toRadians(degrees));
    chart
        .getStyler()
        .setXAxisLabelRotation(degrees)
        .setXAxisLabelAlignment(TextAlignment.Right)
        .setXAxisLabelAlignmentVertical(TextAlignment.Right);
    chart.getStyler().setYAxisLeftWidthHint(Math.max(60, (int) reach));
  }

  /** Bars begin at 0 and the axis ends at the tick above the highest. */
  private static void levelTop(
      CategoryChart chart, Map<String, List<Double>> heights, Map<String, List<Double>> errors) {
    DoubleSummaryStatistics all =
        heights.values().stream()
            .flatMap(List::stream)
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .summaryStatistics();
    if (all.getCount() > 0 && all.getMin() >= 0 && all.getMax() > 0) {
      double longest =
          errors.values().stream()
              .flatMap(List::stream)
              .filter(Double::isFinite)
              .max(Double::compare)
              .orElse(0.0);
      chart.getStyler().setYAxisMin(0.0).setYAxisMax(roundAbove(all.getMax() + longest));
      alignFractions(chart, all);
    }
  }

  /** The next tick above the value, ticks being 1, 2 or 5 times a power of ten apart. */
  static double roundAbove(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value / 5)));
    double step = value / 5 >= 5 * power ? 5 * power : value / 5 >= 2 * power ? 2 * power : power;
    return Math.ceil(value * 1.0001 / step) * step;
  }
}
