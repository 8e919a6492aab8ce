package io.kerf.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Ranks before and after on logarithmic axes: above the diagonal are facts that fell, below it
 * those that rose. Facts of equal ranks are one point.
 */
final class RankScatter {
  private static final int WIDTH_PIXELS = 680;
  private static final int HEIGHT_PIXELS = 560;
  private static final int MARKER_PIXELS = 6;

  /** The most frequent at the bottom, so that they do not hide the others. */
  private static final List<Fate> DRAWN =
      List.of(Fate.DISPLACED, Fate.UNKNOWN, Fate.KEPT, Fate.GAINED, Fate.LOST);

  private RankScatter() {}

  static XYChart of(String title, String before, String after, List<LedgerRow> rows) {
    XYChart chart = new XYChart(WIDTH_PIXELS, HEIGHT_PIXELS, new Theme());
    Charts.entitle(chart, title, "rank before: " + before, "rank after: " + after);
    double last = 10;
    for (LedgerRow row : rows) {
      last = Math.max(last, Math.max(row.before().rank(), row.after().rank()));
    }
    last *= 1.25;
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setXAxisMin(0.8).setXAxisMax(last).setYAxisMin(0.8).setYAxisMax(last);
    chart.getStyler().setMarkerSize(MARKER_PIXELS);
    chart.getStyler().setPlotGridVerticalLinesVisible(true).setPlotGridLinesColor(Theme.FINE_GRID);
    chart.getStyler().setXAxisDecimalPattern("#,##0").setYAxisDecimalPattern("#,##0");
    XYSeries same = chart.addSeries("same rank", new double[] {1, last}, new double[] {1, last});
    same.setLineStyle(Theme.referenceStroke());
    same.setLineColor(Theme.REFERENCE);
    same.setMarker(SeriesMarkers.NONE);
    Map<Fate, Set<List<Integer>>> points = new EnumMap<>(Fate.class);
    Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
    for (LedgerRow row : rows) {
      points
          .computeIfAbsent(row.fate(), f -> new LinkedHashSet<>())
          .add(List.of(row.before().rank(), row.after().rank()));
      counts.merge(row.fate(), 1, Integer::sum);
    }
    for (Fate fate : DRAWN) {
      if (points.containsKey(fate)) {
        add(chart, fate, counts.get(fate), points.get(fate));
      }
    }
    return chart;
  }

  private static void add(XYChart chart, Fate fate, int facts, Set<List<Integer>> points) {
    XYSeries series =
        chart.addSeries(
            String.format(Locale.ROOT, "%s (%,d)", fate.label(), facts),
            points.stream().mapToDouble(point -> point.get(0)).toArray(),
            points.stream().mapToDouble(point -> point.get(1)).toArray());
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setLineStyle(new BasicStroke(0));
    series.setMarker(marker(fate));
    series.setMarkerColor(colour(fate));
  }

  private static Marker marker(Fate fate) {
    return switch (fate) {
      case LOST -> SeriesMarkers.TRIANGLE_UP;
      case GAINED -> SeriesMarkers.TRIANGLE_DOWN;
      case KEPT -> SeriesMarkers.DIAMOND;
      default -> SeriesMarkers.CIRCLE;
    };
  }

  private static Color colour(Fate fate) {
    return switch (fate) {
      case LOST -> Theme.LOSS;
      case GAINED -> Theme.GAIN;
      case KEPT -> Theme.SAME;
      case DISPLACED -> Theme.FAINT;
      case UNKNOWN -> Theme.REFERENCE;
    };
  }
}
