package io.kerf.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapSeries;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.Series;

/** A chart as text, its points spelt out: what a terminal shows in place of the picture. */
final class ChartText {
  /** More are not read one by one. */
  private static final int MOST_POINTS = 60;

  private ChartText() {}

  static String of(Chart<?, ?> chart) {
    List<String> lines = new ArrayList<>();
    lines.add(chart.getTitle() + axes(chart));
    for (Series series : chart.getSeriesMap().values()) {
      lines.add("  " + series.getName() + ": " + points(series));
    }
    return String.join("\n", lines);
  }

  private static String axes(Chart<?, ?> chart) {
    String x = chart.getXAxisTitle();
    String y = chart.getYAxisTitle();
    if (y == null || y.isBlank()) {
      return "";
    }
    return " (" + y + (x == null || x.isBlank() ? "" : " by " + x) + ")";
  }

  private static String points(Series series) {
    if (series instanceof HeatMapSeries map) {
      return cells(map);
    }
    if (series instanceof XYSeries curve && curve.getXData().length > MOST_POINTS) {
      return String.format(Locale.ROOT, "%,d points", curve.getXData().length);
    }
    if (series instanceof XYSeries curve) {
      List<String> points = new ArrayList<>();
      for (int i = 0; i < curve.getXData().length; i++) {
        points.add(number(curve.getXData()[i]) + " " + number(curve.getYData()[i]));
      }
      return String.join(", ", points);
    }
    if (series instanceof CategorySeries bars) {
      Collection<? extends Number> heights = bars.getYData();
      Iterator<? extends Number> height = heights.iterator();
      List<String> points = new ArrayList<>();
      for (Object category : bars.getXData()) {
        points.add(category + " " + number(height.next().doubleValue()));
      }
      return String.join(", ", points);
    }
    return series.getClass().getSimpleName();
  }

  /** A line for each row of a map, from the top. */
  private static String cells(HeatMapSeries map) {
    Map<Integer, List<String>> rows = new TreeMap<>(Comparator.reverseOrder());
    for (Number[] cell : map.getHeatData()) {
      rows.computeIfAbsent(cell[1].intValue(), row -> new ArrayList<>())
          .add(map.getXData().get(cell[0].intValue()) + " " + number(cell[2].doubleValue()));
    }
    StringBuilder text = new StringBuilder();
    rows.forEach(
        (row, cells) ->
            text.append("\n    ")
                .append(map.getYData().get(row))
                .append(": ")
                .append(String.join(", ", cells)));
    return text.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
