package io.kerf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results in aligned columns: text for the terminal, values in full for a JSON file. */
final class Table {
  private record Column(String name, String format) {}

  private final String title;
  private final List<Column> columns = new ArrayList<>();
  private final List<Object[]> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Table(String title) {
    this.title = title;
  }

  /** Adds a column of text. */
  Table column(String name) {
    return column(name, "%s");
  }

  /**
   * Adds a column.
   *
   * @param format of its values, as {@link String#format} has it
   */
  Table column(String name, String format) {
    columns.add(new Column(name, format));
    return this;
  }

  /** Adds a row, a value for each column. NaN and null show as "-". */
  void row(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          title + ": " + columns.size() + " columns, but a row of " + values.length);
    }
    rows.add(values);
  }

  /** Adds a line below the table. */
  void note(String line) {
    notes.add(line);
  }

  /** The table as maps and lists. */
  Map<String, Object> toJson() {
    List<Map<String, Object>> named = new ArrayList<>();
    for (Object[] row : rows) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int c = 0; c < row.length; c++) {
        fields.put(columns.get(c).name, absent(row[c]) ? null : row[c]);
      }
      named.add(fields);
    }
    return Map.of("title", title, "rows", named, "notes", notes);
  }

  /** The table as text, every line ended. */
  @Override
  public String toString() {
    List<String[]> lines = new ArrayList<>();
    lines.add(columns.stream().map(Column::name).toArray(String[]::new));
    for (Object[] row : rows) {
      String[] cells = new String[row.length];
      for (int c = 0; c < row.length; c++) {
        cells[c] = absent(row[c]) ? "-" : String.format(Locale.ROOT, columns.get(c).format, row[c]);
      }
      lines.add(cells);
    }
    StringBuilder text = new StringBuilder(title).append('\n');
    for (String[] line : columns.isEmpty() ? List.<String[]>of() : lines) {
      StringBuilder shown = new StringBuilder();
      for (int c = 0; c < line.length; c++) {
        int column = c;
        int width = lines.stream().mapToInt(cells -> cells[column].length()).max().orElse(0);
        String gap = " ".repeat(width - line[c].length());
        boolean number = !columns.get(c).format.endsWith("s");
        shown.append("  ").append(number ? gap + line[c] : line[c] + gap);
      }
      text.append(shown.toString().stripTrailing()).append('\n');
    }
    notes.forEach(note -> text.append("  ").append(note).append('\n'));
    return text.toString();
  }

  private static boolean absent(Object value) {
    return value == null || value instanceof Double number && number.isNaN();
  }
}
