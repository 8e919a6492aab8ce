package io.kerf.report;

import java.util.List;
import java.util.Optional;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table with a line below it that says what it stands on, and, where it sums up, with rows of
 * totals that are shown below the others and are none of its rows: sorting and filtering leave them
 * alone.
 */
public final class FootnotedTable extends Table {
  private final Table totals; // null for none
  private final String footnote;

  private FootnotedTable(String caption, List<Column<?>> columns, Table totals, String footnote) {
    super(caption, columns);
    this.totals = totals;
    this.footnote = footnote;
  }

  /** The table's columns under its name, with the footnote. */
  public static FootnotedTable of(Table table, String footnote) {
    return new FootnotedTable(table.name(), List.copyOf(table.columns()), null, footnote);
  }

  /** The same with totals, a table of the same columns. */
  public FootnotedTable withTotals(Table newTotals) {
    if (!newTotals.columnNames().equals(columnNames())) {
      throw new IllegalArgumentException(
          "totals must have the table's columns "
              + columnNames()
              + ", had "
              + newTotals.columnNames());
    }
    return new FootnotedTable(name(), List.copyOf(columns()), newTotals, footnote);
  }

  /** What the table stands on; may have several lines. */
  public String footnote() {
    return footnote;
  }

  /** The rows shown below the others; a table of the same columns. */
  public Optional<Table> totals() {
    return Optional.ofNullable(totals);
  }

  /** The footnote of a table, "" for one without. */
  static String footnoteOf(Table table) {
    return table instanceof FootnotedTable footnoted ? footnoted.footnote : "";
  }

  /** The totals of a table, if it has some. */
  static Optional<Table> totalsOf(Table table) {
    return table instanceof FootnotedTable footnoted ? footnoted.totals() : Optional.empty();
  }
}
