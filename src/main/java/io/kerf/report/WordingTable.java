package io.kerf.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Scores by wording of the prompts, as a table. */
public final class WordingTable {
  private WordingTable() {}

  /**
   * One variant on one task.
   *
   * @param scores by wording, the task's own first
   * @param agreement share of the documents with one answer under all wordings; NaN where none is
   *     chosen
   */
  public record Row(
      String variant,
      String task,
      String metric,
      Map<String, Double> scores,
      double agreement,
      int n) {
    public Row {
      scores = new LinkedHashMap<>(scores);
    }

    double spread() {
      var all = scores.values().stream().mapToDouble(Double::doubleValue).summaryStatistics();
      return all.getMax() - all.getMin();
    }
  }

  /** The table, in the rows' order; a column for each wording that any of them has. */
  public static FootnotedTable of(String caption, List<Row> rows, String footnote) {
    Set<String> wordings = new LinkedHashSet<>();
    rows.forEach(row -> wordings.addAll(row.scores().keySet()));
    List<Column<?>> columns = new ArrayList<>();
    columns.add(StringColumn.create("variant", rows.stream().map(Row::variant).toList()));
    columns.add(StringColumn.create("task", rows.stream().map(Row::task).toList()));
    columns.add(StringColumn.create("metric", rows.stream().map(Row::metric).toList()));
    for (String wording : wordings) {
      columns.add(
          DoubleColumn.create(
              wording,
              rows.stream()
                  .mapToDouble(row -> row.scores().getOrDefault(wording, Double.NaN))
                  .toArray()));
    }
    columns.add(DoubleColumn.create("spread", rows.stream().mapToDouble(Row::spread).toArray()));
    columns.add(
        DoubleColumn.create("agreement", rows.stream().mapToDouble(Row::agreement).toArray()));
    columns.add(IntColumn.create("n", rows.stream().mapToInt(Row::n).toArray()));
    return FootnotedTable.of(Table.create(caption, columns), footnote);
  }
}
