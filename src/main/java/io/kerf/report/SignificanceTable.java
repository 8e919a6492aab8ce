package io.kerf.report;

import io.kerf.eval.Paired;
import java.util.List;

/** Variants against the first on every task, with one correction over all the tests. */
public final class SignificanceTable {
  private SignificanceTable() {}

  /**
   * A variant against the first on a task.
   *
   * @param metric by which an answer is right
   */
  public record Row(String task, String variant, String metric, Paired paired) {}

  /**
   * The table.
   *
   * @param rows in the order shown
   * @param standsOn for the footnote
   */
  public static FootnotedTable of(String caption, List<Row> rows, String standsOn) {
    List<PairedTable.Group> groups =
        rows.stream()
            .map(
                row ->
                    new PairedTable.Group(
                        List.of(row.task, row.variant, row.metric), row.paired, -1))
            .toList();
    return new PairedTable(List.of("task", "variant", "metric"), "", groups)
        .table(caption, standsOn);
  }
}
