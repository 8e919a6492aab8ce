package io.kerf.report;

import java.util.List;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A table with a line below it that says what it stands on. */
public final class FootnotedTable extends Table {
  private final String footnote;

  private FootnotedTable(String caption, List<Column<?>> columns, String footnote) {
    super(caption, columns);
    this.footnote = footnote;
  }

  /** The table's columns under its name, with the footnote. */
  public static FootnotedTable of(Table table, String footnote) {
    return new FootnotedTable(table.name(), List.copyOf(table.columns()), footnote);
  }

  /** What the table stands on; may have several lines. */
  public String footnote() {
    return footnote;
  }

  /** The footnote of a table, "" for one without. */
  static String footnoteOf(Table table) {
    return table instanceof FootnotedTable footnoted ? footnoted.footnote : "";
  }
}
