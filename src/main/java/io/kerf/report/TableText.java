package io.kerf.report;

import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Table;

/** A table as text for a fixed-width font: the same digits, rows and footnote as in HTML. */
final class TableText {
  private static final String GAP = "  ";

  private TableText() {}

  static String of(Table table) {
    int rows = Math.min(TableHtml.MOST_ROWS, table.rowCount());
    int totals = FootnotedTable.totalsOf(table).map(Table::rowCount).orElse(0);
    List<List<String>> columns = new ArrayList<>();
    for (int c = 0; c < table.columnCount(); c++) {
      columns.add(padded(table, c, rows));
    }
    List<String> lines = new ArrayList<>();
    if (table.name() != null && !table.name().isBlank()) {
      lines.add(table.name());
    }
    int afterRows = rows + 2;
    int all = totals == 0 ? afterRows : afterRows + 1 + totals; // a rule between
    for (int line = 0; line < all; line++) {
      List<String> cells = new ArrayList<>();
      for (List<String> column : columns) {
        cells.add(column.get(line));
      }
      lines.add(String.join(GAP, cells).stripTrailing());
    }
    if (rows < table.rowCount()) {
      lines.add(TableHtml.rowNote(rows, table.rowCount()));
    }
    String footnote = FootnotedTable.footnoteOf(table);
    if (!footnote.isBlank()) {
      lines.add(footnote);
    }
    return String.join("\n", lines);
  }

  /** Header, rule, cells and totals of one column, all equally wide. */
  private static List<String> padded(Table table, int index, int rows) {
    Digits digits = Digits.of(table.column(index));
    List<String> cells = new ArrayList<>();
    cells.add(Legible.line(table.column(index).name()));
    for (int row = 0; row < rows; row++) {
      cells.add(Legible.line(digits.cell(row)));
    }
    Table totals = FootnotedTable.totalsOf(table).orElse(table.emptyCopy());
    for (int row = 0; row < totals.rowCount(); row++) {
      cells.add(Legible.line(digits.cell(totals.column(index), row)));
    }
    int width = cells.stream().mapToInt(String::length).max().orElse(0);
    cells.replaceAll(
        cell -> {
          String blank = " ".repeat(width - cell.length());
          return digits.numeric() ? blank + cell : cell + blank;
        });
    cells.add(1, "-".repeat(width));
    if (totals.rowCount() > 0) {
      cells.add(rows + 2, "-".repeat(width));
    }
    return cells;
  }
}
