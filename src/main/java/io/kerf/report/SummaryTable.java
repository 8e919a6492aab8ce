package io.kerf.report;

import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a model is made of, as a table. */
public final class SummaryTable {
  private SummaryTable() {}

  /**
   * One weight.
   *
   * @param sparsity the share of its numbers that are zero, 0..1
   */
  public record Row(
      String name, String shape, String encoding, long parameters, long bytes, double sparsity) {}

  /**
   * A model in one line.
   *
   * @param sparsity share of zeros in the linear layers of the blocks, 0..1
   * @param bits mean number of bits of their weights
   * @param lineage where it came from and what was done to it
   */
  public record Totals(
      String title,
      int layers,
      long parameters,
      long bytes,
      double sparsity,
      double bits,
      String lineage)
      implements Shown {
    private String line() {
      return String.format(
          Locale.ROOT,
          "%d layers, %.1f M parameters, %s, %.1f %% of linear weights zero, %.2f bits each",
          layers,
          parameters / 1e6,
          Amounts.bytes(bytes),
          100 * sparsity,
          bits);
    }

    @Override
    public String html() {
      return "<div><b>"
          + Html.escape(title)
          + "</b><br>"
          + Html.escape(line())
          + "<br><small style=\"opacity:.72\">"
          + Html.escape(lineage).replace("\n", "<br>")
          + "</small></div>";
    }

    @Override
    public String text() {
      return title + ": " + line() + "\n" + lineage;
    }
  }

  /** The table, in the rows' order. */
  public static FootnotedTable of(String caption, List<Row> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("weight", rows.stream().map(Row::name).toList()),
            StringColumn.create("shape", rows.stream().map(Row::shape).toList()),
            StringColumn.create("encoding", rows.stream().map(Row::encoding).toList()),
            LongColumn.create("parameters", rows.stream().mapToLong(Row::parameters).toArray()),
            LongColumn.create("bytes", rows.stream().mapToLong(Row::bytes).toArray()),
            DoubleColumn.create("sparsity", rows.stream().mapToDouble(Row::sparsity).toArray()));
    return FootnotedTable.of(table, footnote);
  }
}
