package io.kerf.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;

/** Result rows as charts. */
public final class ResultChart {
  private ResultChart() {}

  /**
   * Bars of scores. Several tasks: a group for each task, in it a bar for each variant, since only
   * scores on the same task compare. One task, or more variants than colours: the variants stand
   * along the bottom.
   */
  public static CategoryChart bars(String title, List<ResultRow> rows) {
    boolean oneMetric = rows.stream().map(ResultRow::metric).distinct().count() <= 1;
    Function<ResultRow, String> task =
        row -> oneMetric ? row.task() : row.task() + " " + row.metric();
    long tasks = rows.stream().map(task).distinct().count();
    long variants = rows.stream().map(ResultRow::variant).distinct().count();
    boolean groupByTask = tasks > 1 && variants <= Theme.COLOUR_COUNT;
    String yTitle = oneMetric && !rows.isEmpty() ? rows.get(0).metric() : "score";
    return groupByTask
        ? bars(title, yTitle, rows, task, ResultRow::variant)
        : bars(title, yTitle, rows, ResultRow::variant, task);
  }

  private static CategoryChart bars(
      String title,
      String yTitle,
      List<ResultRow> rows,
      Function<ResultRow, String> group,
      Function<ResultRow, String> series) {
    Set<String> groups = new LinkedHashSet<>();
    Map<String, Map<String, ResultRow>> cells = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      groups.add(group.apply(row));
      cells
          .computeIfAbsent(series.apply(row), name -> new LinkedHashMap<>())
          .put(group.apply(row), row);
    }
    return Charts.bars(
        title,
        "",
        yTitle,
        List.copyOf(groups),
        across(groups, cells, ResultRow::score),
        rows.stream().anyMatch(row -> row.stderr() > 0)
            ? across(groups, cells, ResultRow::stderr)
            : Map.of());
  }

  /** For each series its value in every group; NaN where it has none. */
  private static Map<String, List<Double>> across(
      Set<String> groups,
      Map<String, Map<String, ResultRow>> cells,
      ToDoubleFunction<ResultRow> value) {
    Map<String, List<Double>> across = new LinkedHashMap<>();
    cells.forEach(
        (name, byGroup) -> {
          List<Double> values = new ArrayList<>();
          for (String group : groups) {
            ResultRow row = byGroup.get(group);
            values.add(row == null ? Double.NaN : value.applyAsDouble(row));
          }
          across.put(name, values);
        });
    return across;
  }
}
