package io.kerf.report;

import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.Table;

/**
 * A table as HTML: caption above, numbers to the right with the same decimals down a column, what
 * it stands on below. Colours are the page's own or translucent, for light and dark pages alike.
 */
final class TableHtml {
  /** A notebook is read, not searched: longer tables show their first rows. */
  static final int MOST_ROWS = 60;

  private static final String STYLE =
      """
      <style>
      table.kerf-table.kerf-table{border-collapse:collapse;margin:.4em 0;font-size:13px;\
      line-height:1.45;border:0;table-layout:auto}
      table.kerf-table.kerf-table caption{caption-side:top;text-align:left;font-weight:600;\
      font-size:14px;padding:0 0 .5em .5em;color:inherit}
      table.kerf-table.kerf-table .kerf-c{width:max-content;max-width:44em}
      table.kerf-table.kerf-table tr{background:transparent}
      table.kerf-table.kerf-table :is(th,td){padding:.28em .5em;border:0;text-align:left;\
      vertical-align:baseline;max-width:32em;white-space:normal;color:inherit}
      table.kerf-table.kerf-table th{font-weight:600;vertical-align:bottom;\
      border-bottom:1px solid rgba(128,128,128,.65)}
      table.kerf-table.kerf-table td{border-bottom:1px solid rgba(128,128,128,.18)}
      table.kerf-table.kerf-table tbody tr:hover{background:rgba(86,180,233,.14)}
      table.kerf-table.kerf-table .kerf-n{text-align:right;font-variant-numeric:tabular-nums}
      table.kerf-table.kerf-table td.kerf-n{white-space:nowrap}
      table.kerf-table.kerf-table tbody td:first-child:not(.kerf-n){min-width:9em}
      table.kerf-table.kerf-table tfoot td{border:0;font-size:12px;opacity:.72;\
      padding-top:.5em;max-width:0}
      table.kerf-table.kerf-table .kerf-f{contain:inline-size;min-width:38em;\
      overflow-wrap:anywhere}
      table.kerf-table.kerf-table .kerf-t td{font-weight:600;border-bottom:0}
      table.kerf-table.kerf-table .kerf-t tr:first-child td{\
      border-top:2px solid rgba(128,128,128,.5)}
      """
          + TableSort.STYLE
          + "</style>";

  private TableHtml() {}

  static String of(Table table) {
    List<Digits> columns = table.columns().stream().map(Digits::of).toList();
    int rows = Math.min(MOST_ROWS, table.rowCount());
    boolean sorts = rows >= TableSort.FEWEST_ROWS;
    StringBuilder html = new StringBuilder(STYLE);
    html.append("<table class=\"kerf-table").append(sorts ? " " + TableSort.CLASS : "");
    html.append("\">");
    if (table.name() != null && !table.name().isBlank()) {
      // a box, so that a long title is broken before it widens the table much
      html.append("<caption><div class=\"kerf-c\">").append(Html.escape(table.name()));
      html.append("</div></caption>");
    }
    html.append("<thead><tr>");
    for (int c = 0; c < columns.size(); c++) {
      cell(html, "th", columns.get(c), breakable(Html.escape(table.column(c).name())));
    }
    html.append("</tr></thead><tbody>");
    rows(html, columns, table, rows);
    html.append("</tbody>");
    FootnotedTable.totalsOf(table)
        .ifPresent(
            totals -> {
              html.append("<tbody class=\"kerf-t\">");
              rows(html, columns, totals, totals.rowCount());
              html.append("</tbody>");
            });
    foot(html, table, rows);
    return html.append("</table>").append(sorts ? TableSort.SCRIPT : "").toString();
  }

  private static void rows(StringBuilder html, List<Digits> columns, Table table, int rows) {
    for (int row = 0; row < rows; row++) {
      html.append("<tr>");
      for (int c = 0; c < columns.size(); c++) {
        Digits column = columns.get(c);
        cell(html, "td", column, Html.escape(column.cell(table.column(c), row)));
      }
      html.append("</tr>");
    }
  }

  /** A heading may be broken within a name too, so that a narrow column keeps narrow. */
  private static String breakable(String heading) {
    return heading.replaceAll("([/_])(?=\\w\\w)", "$1<wbr>");
  }

  private static void cell(StringBuilder html, String tag, Digits column, String content) {
    html.append('<').append(tag).append(column.numeric() ? " class=\"kerf-n\">" : ">");
    html.append(content).append("</").append(tag).append('>');
  }

  private static void foot(StringBuilder html, Table table, int rows) {
    String footnote = FootnotedTable.footnoteOf(table);
    boolean cut = rows < table.rowCount();
    if (!cut && footnote.isBlank()) {
      return;
    }
    html.append("<tfoot>");
    if (cut) {
      footRow(html, table, rowNote(rows, table.rowCount()));
    }
    if (!footnote.isBlank()) {
      footRow(html, table, Html.escape(footnote).replace("\n", "<br>"));
    }
    html.append("</tfoot>");
  }

  private static void footRow(StringBuilder html, Table table, String content) {
    html.append("<tr><td colspan=\"").append(Math.max(1, table.columnCount())).append("\">");
    // a box that does not widen the table, however long the line
    html.append("<div class=\"kerf-f\">").append(content).append("</div></td></tr>");
  }

  /** "showing 60 of 1,200 rows". */
  static String rowNote(int shown, int all) {
    return String.format(Locale.ROOT, "showing %,d of %,d rows", shown, all);
  }
}
