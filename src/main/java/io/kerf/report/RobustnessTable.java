package io.kerf.report;

import io.kerf.eval.Interval;
import java.util.List;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What is lost when prompts are said otherwise, as a table. */
public final class RobustnessTable {
  private RobustnessTable() {}

  /**
   * One variant on one task.
   *
   * @param change how the prompts were said otherwise
   * @param clean the score on the prompts as they are
   * @param changed the score on the changed ones
   * @param drop clean - changed, over the same documents
   * @param sameAnswers share of the documents with the same answer; NaN where none is chosen
   * @param n documents
   */
  public record Row(
      String variant,
      String task,
      String metric,
      String change,
      double clean,
      double changed,
      double drop,
      Interval dropBounds,
      double sameAnswers,
      int n) {}

  /** The table, in the rows' order. */
  public static FootnotedTable of(String caption, List<Row> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("variant", rows.stream().map(Row::variant).toList()),
            StringColumn.create("task", rows.stream().map(Row::task).toList()),
            StringColumn.create("metric", rows.stream().map(Row::metric).toList()),
            StringColumn.create("prompts", rows.stream().map(Row::change).toList()),
            column("clean", rows, Row::clean),
            column("changed", rows, Row::changed),
            column("drop", rows, Row::drop),
            column("drop from", rows, r -> r.dropBounds().low()),
            column("drop to", rows, r -> r.dropBounds().high()),
            column("same answers", rows, Row::sameAnswers),
            IntColumn.create("n", rows.stream().mapToInt(Row::n).toArray()));
    return FootnotedTable.of(table, footnote);
  }

  private static DoubleColumn column(String name, List<Row> rows, ToDoubleFunction<Row> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }
}
