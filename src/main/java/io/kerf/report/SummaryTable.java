package io.kerf.report;

import io.kerf.model.Role;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a model is made of, as a table: weight by weight, or with equal blocks folded. */
public final class SummaryTable {
  private static final double NOTED = 0.001; // differences of sparsity that a reader should see

  private SummaryTable() {}

  /**
   * One weight or bias.
   *
   * @param stack "encoder" or "decoder" where a model has both, else empty
   * @param block its block's index in its stack, or a negative number outside the blocks
   * @param zeros how many of its numbers are zero
   */
  public record Row(
      String name,
      String stack,
      int block,
      Role role,
      boolean bias,
      String shape,
      String dtype,
      long parameters,
      long bytes,
      long zeros) {
    double sparsity() {
      return parameters == 0 ? 0 : (double) zeros / parameters;
    }
  }

  /**
   * A model in one line.
   *
   * @param sparsity share of zeros in the linear layers of the blocks, 0..1
   * @param bits mean number of bits of their weights
   */
  public record Totals(
      String title, int layers, long parameters, long bytes, double sparsity, double bits) {
    private String caption() {
      return String.format(
          Locale.ROOT,
          "%s: %d layers, %.1f M parameters, %s, %.1f %% of linear weights zero, %.2f bits each",
          title,
          layers,
          parameters / 1e6,
          Amounts.bytes(bytes),
          100 * sparsity,
          bits);
    }
  }

  /** A line for each weight and bias, in the rows' order. */
  public static FootnotedTable of(String caption, List<Row> rows, String footnote) {
    IntColumn blocks = IntColumn.create("block");
    rows.forEach(
        row -> {
          if (row.block < 0) {
            blocks.appendMissing();
          } else {
            blocks.append(row.block);
          }
        });
    Table table =
        Table.create(
            caption,
            StringColumn.create("weight", rows.stream().map(Row::name).toList()),
            blocks,
            StringColumn.create("role", rows.stream().map(row -> row.role.name()).toList()),
            StringColumn.create("shape", rows.stream().map(Row::shape).toList()),
            StringColumn.create("dtype", rows.stream().map(Row::dtype).toList()),
            LongColumn.create("parameters", rows.stream().mapToLong(Row::parameters).toArray()),
            LongColumn.create("bytes", rows.stream().mapToLong(Row::bytes).toArray()),
            DoubleColumn.create("sparsity", rows.stream().mapToDouble(Row::sparsity).toArray()));
    return FootnotedTable.of(table, footnote);
  }

  /**
   * A line for each role, its equal weights in all blocks together: "0-29 QUERY 576 x 576".
   *
   * <p>Weights are equal in shape and dtype. Where their sparsities differ, two more columns give
   * the lowest and the highest.
   */
  public static FootnotedTable folded(Totals totals, List<Row> rows, String footnote) {
    List<FoldedRows> lines = FoldedRows.of(rows);
    Table table =
        Table.create(
            totals.caption(),
            StringColumn.create("blocks", lines.stream().map(FoldedRows::blocks).toList()),
            StringColumn.create("role", lines.stream().map(FoldedRows::role).toList()),
            StringColumn.create("shape", lines.stream().map(FoldedRows::shape).toList()),
            StringColumn.create("dtype", lines.stream().map(FoldedRows::dtype).toList()),
            LongColumn.create(
                "parameters", lines.stream().mapToLong(FoldedRows::parameters).toArray()),
            LongColumn.create("bytes", lines.stream().mapToLong(FoldedRows::bytes).toArray()),
            DoubleColumn.create(
                "sparsity", lines.stream().mapToDouble(FoldedRows::sparsity).toArray()));
    if (lines.stream().anyMatch(SummaryTable::differs)) {
      table.addColumns(
          ofDiffering("lowest", lines, FoldedRows::leastSparsity),
          ofDiffering("highest", lines, FoldedRows::mostSparsity));
    }
    return FootnotedTable.of(table, footnote);
  }

  private static boolean differs(FoldedRows line) {
    return line.mostSparsity() - line.leastSparsity() > NOTED;
  }

  private static DoubleColumn ofDiffering(
      String name, List<FoldedRows> lines, ToDoubleFunction<FoldedRows> value) {
    return DoubleColumn.create(
        name,
        lines.stream()
            .mapToDouble(line -> differs(line) ? value.applyAsDouble(line) : Double.NaN)
            .toArray());
  }
}
