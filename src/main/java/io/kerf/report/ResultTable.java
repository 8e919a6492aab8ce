package io.kerf.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Result rows as a table; a column that no row knows is left out. */
public final class ResultTable {
  private ResultTable() {}

  /**
   * The table.
   *
   * @param caption above it
   * @param rows in the order shown
   * @param footnote what it stands on; may be empty
   */
  public static FootnotedTable of(String caption, List<ResultRow> rows, String footnote) {
    Table table = Table.create(caption);
    table.addColumns(
        StringColumn.create("variant", rows.stream().map(ResultRow::variant).toList()),
        StringColumn.create("task", rows.stream().map(ResultRow::task).toList()),
        StringColumn.create("metric", rows.stream().map(ResultRow::metric).toList()),
        doubles("score", rows, ResultRow::score));
    List.of(
            doubles("stderr", rows, ResultRow::stderr),
            doubles("drop", rows, ResultRow::drop),
            doubles("sparsity", rows, ResultRow::sparsity),
            doubles("bits", rows, ResultRow::bits),
            longs("bytes", rows, ResultRow::bytes),
            doubles("tokens/s", rows, ResultRow::tokensPerSecond),
            doubles("training s", rows, ResultRow::trainingSeconds),
            longs("training tokens", rows, ResultRow::trainingTokens),
            longs("n", rows, ResultRow::examples))
        .forEach(
            column -> {
              if (column.countMissing() < column.size()) {
                table.addColumns(column);
              }
            });
    return FootnotedTable.of(table, footnote);
  }

  private static Column<?> doubles(
      String name, List<ResultRow> rows, ToDoubleFunction<ResultRow> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }

  private static Column<?> longs(
      String name, List<ResultRow> rows, ToLongFunction<ResultRow> value) {
    LongColumn column = LongColumn.create(name);
    for (ResultRow row : rows) {
      long number = value.applyAsLong(row);
      if (number < 0) {
        column.appendMissing();
      } else {
        column.append(number);
      }
    }
    return column;
  }
}
