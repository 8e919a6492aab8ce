package io.kerf.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Result rows side by side: a line for each variant, columns for each task.
 *
 * <p>With one task its columns are "P@1", "±" and "drop" and the caption names it; with more, each
 * column does: "squad P@1", "squad P@1 ±", "squad P@1 drop". A metric that is better when lower has
 * a "rise" in place of a drop. A column that no row knows is left out.
 */
public final class VariantTable {
  private VariantTable() {}

  /** What stands in one group of columns. */
  private record Score(String task, String metric) {
    static Score of(ResultRow row) {
      return new Score(row.task(), row.metric());
    }
  }

  /**
   * The table.
   *
   * @param caption above it
   * @param rows variants and tasks in the order shown; a variant without a task has empty cells
   * @param footnote what it stands on; may be empty
   */
  public static FootnotedTable of(String caption, List<ResultRow> rows, String footnote) {
    Map<String, Map<Score, ResultRow>> byVariant = new LinkedHashMap<>();
    Map<Score, ResultRow> scores = new LinkedHashMap<>(); // with a row that has it
    for (ResultRow row : rows) {
      scores.putIfAbsent(Score.of(row), row);
      byVariant.computeIfAbsent(row.variant(), v -> new LinkedHashMap<>()).put(Score.of(row), row);
    }
    List<Map<Score, ResultRow>> lines = List.copyOf(byVariant.values());
    boolean alone = scores.size() == 1;
    List<Column<?>> columns = new ArrayList<>();
    columns.add(StringColumn.create("variant", List.copyOf(byVariant.keySet())));
    scores.forEach(
        (score, row) -> {
          String name = alone ? score.metric() : score.task() + " " + score.metric();
          String prefix = alone ? "" : name + " ";
          String worse = prefix + (row.higherIsBetter() ? "drop" : "rise");
          columns.add(column(name, lines, score, ResultRow::score));
          addKnown(columns, column(prefix + "\u00b1", lines, score, ResultRow::stderr));
          addKnown(columns, column(worse, lines, score, ResultRow::drop));
        });
    columns.add(ofVariant("sparsity", lines, ResultRow::sparsity));
    columns.add(ofVariant("bits", lines, ResultRow::bits));
    columns.add(ofVariant("MB", lines, row -> row.bytes() / 1e6));
    addKnown(columns, ofVariant("tokens/s", lines, ResultRow::tokensPerSecond));
    addKnown(columns, ofVariant("training s", lines, ResultRow::trainingSeconds));
    addKnown(
        columns,
        ofVariant(
            "training tokens",
            lines,
            row -> row.trainingTokens() < 0 ? Double.NaN : row.trainingTokens()));
    String title = alone ? caption + ", " + rows.get(0).task() : caption;
    return FootnotedTable.of(Table.create(title, columns), footnote);
  }

  private static DoubleColumn column(
      String name,
      List<Map<Score, ResultRow>> lines,
      Score score,
      ToDoubleFunction<ResultRow> value) {
    return DoubleColumn.create(
        name,
        lines.stream()
            .mapToDouble(l -> l.containsKey(score) ? value.applyAsDouble(l.get(score)) : Double.NaN)
            .toArray());
  }

  private static DoubleColumn ofVariant(
      String name, List<Map<Score, ResultRow>> lines, ToDoubleFunction<ResultRow> value) {
    return DoubleColumn.create(
        name,
        lines.stream()
            .mapToDouble(line -> value.applyAsDouble(line.values().iterator().next()))
            .toArray());
  }

  private static void addKnown(List<Column<?>> columns, DoubleColumn column) {
    if (column.countMissing() < column.size()) {
      columns.add(column);
    }
  }
}
