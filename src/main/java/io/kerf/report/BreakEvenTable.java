package io.kerf.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a cut costs once and saves with each query, a row for each way of billing it. */
public final class BreakEvenTable {
  private static final int PER = 1000; // queries

  private BreakEvenTable() {}

  /**
   * The table. Amounts are in the row's unit, those of queries for a thousand; where the cut does
   * not pay, or it is not known whether, the number of queries is missing.
   */
  public static FootnotedTable of(String caption, List<BreakEvenRow> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("by", rows.stream().map(BreakEvenRow::by).toList()),
            StringColumn.create("in", rows.stream().map(BreakEvenRow::unit).toList()),
            column("training", rows, r -> r.bill().training()),
            column("1,000 queries dense", rows, r -> PER * r.bill().dense()),
            column("cut", rows, r -> PER * r.bill().variant()),
            column("saved", rows, r -> PER * r.bill().saved()),
            column("saved from", rows, r -> PER * r.bill().saving().low()),
            column("saved to", rows, r -> PER * r.bill().saving().high()),
            column("paid after queries", rows, r -> finite(r.bill().count())),
            column("paid from", rows, r -> finite(r.bill().queries().low())),
            column("paid to", rows, r -> finite(r.bill().queries().high())));
    return FootnotedTable.of(table, footnote);
  }

  private static DoubleColumn column(
      String name, List<BreakEvenRow> rows, ToDoubleFunction<BreakEvenRow> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }

  /** Queries are whole; so many that there are none is none. */
  private static double finite(double count) {
    return Double.isInfinite(count) ? Double.NaN : Math.ceil(count);
  }
}
