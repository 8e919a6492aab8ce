package io.kerf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.CategoryChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Variants by how far they are from the dense model, as a table and as bars. */
public final class DivergenceTable {
  private DivergenceTable() {}

  /** A row for each variant. */
  public static FootnotedTable of(String caption, List<DivergenceRow> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("variant", rows.stream().map(DivergenceRow::variant).toList()),
            column("KL nats", rows, DivergenceRow::divergence),
            column("KL from", rows, r -> r.divergenceBounds().low()),
            column("KL to", rows, r -> r.divergenceBounds().high()),
            column("same top", rows, DivergenceRow::sameTop),
            column("same from", rows, r -> r.sameTopBounds().low()),
            column("same to", rows, r -> r.sameTopBounds().high()),
            column("entropy dense", rows, DivergenceRow::denseEntropy),
            column("entropy", rows, DivergenceRow::variantEntropy),
            column("sparsity", rows, DivergenceRow::sparsity),
            column("bits", rows, DivergenceRow::bits),
            column("MB", rows, r -> r.bytes() / 1e6),
            LongColumn.create(
                "positions", rows.stream().mapToLong(DivergenceRow::positions).toArray()));
    return FootnotedTable.of(table, footnote);
  }

  private static DoubleColumn column(
      String name, List<DivergenceRow> rows, ToDoubleFunction<DivergenceRow> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }

  /** A bar for each variant, with half its interval as error. */
  public static CategoryChart chart(String title, List<DivergenceRow> rows) {
    List<Double> errors = new ArrayList<>();
    rows.forEach(r -> errors.add((r.divergenceBounds().high() - r.divergenceBounds().low()) / 2));
    String name = "KL(dense || variant)";
    return Charts.bars(
        title,
        "",
        name + ", nats for each position",
        rows.stream().map(DivergenceRow::variant).toList(),
        Map.of(name, rows.stream().map(DivergenceRow::divergence).toList()),
        errors.stream().anyMatch(e -> e > 0) ? Map.of(name, errors) : Map.of());
  }
}
