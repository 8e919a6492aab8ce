package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TableHtmlTest {
  private static final Table TWO_ROWS =
      Table.create(
          "What does it cost?",
          StringColumn.create("variant", "dense", "int8"),
          DoubleColumn.create("score", 0.141, 0.1375));

  private static String body(String html) {
    return html.substring(html.indexOf("<table"));
  }

  @Test
  void writesCaptionHeaderAndRowsWithNumbersToTheRight() {
    assertEquals(
        "<table class=\"kerf-table\"><caption><div class=\"kerf-c\">What does it cost?</div></caption>"
            + "<thead><tr><th>variant</th><th class=\"kerf-n\">score</th></tr></thead>"
            + "<tbody><tr><td>dense</td><td class=\"kerf-n\">0.1410</td></tr>"
            + "<tr><td>int8</td><td class=\"kerf-n\">0.1375</td></tr></tbody></table>",
        body(TableHtml.of(TWO_ROWS)));
  }

  @Test
  void aHeadingMayBreakWithinAName() {
    String html =
        body(TableHtml.of(Table.create("", StringColumn.create("re/of_death tokens/s", "x/yy"))));
    assertTrue(html.contains("<th>re/<wbr>of_<wbr>death tokens/s</th>"), html);
    assertTrue(html.contains("<td>x/yy</td>"), html);
  }

  @Test
  void escapesWhateverTheDataHold() {
    String evil = "<script>alert('x')</script>\" onmouseover=\"&";
    Table table = Table.create(evil, StringColumn.create(evil, evil));
    String html = body(TableHtml.of(FootnotedTable.of(table, evil)));
    assertFalse(html.contains("<script"), html);
    assertFalse(html.contains("\" onmouseover"), html);
    assertEquals(4, html.split("&lt;script&gt;", -1).length - 1, html);
  }

  @Test
  void saysWhatItStandsOnBelow() {
    String html = body(TableHtml.of(FootnotedTable.of(TWO_ROWS, "weights 0b1f\nKerf 0.1.0")));
    assertTrue(
        html.endsWith(
            "<tfoot><tr><td colspan=\"2\"><div class=\"kerf-f\">weights 0b1f<br>Kerf 0.1.0</div>"
                + "</td></tr></tfoot></table>"),
        html);
  }

  @Test
  void showsTheFirstRowsOfALongTableAndSaysSo() {
    int rows = 10 * TableHtml.MOST_ROWS;
    Table table = Table.create("", IntColumn.create("n", IntStream.range(0, rows).toArray()));
    String html = body(TableHtml.of(table));
    assertEquals(TableHtml.MOST_ROWS + 1 + 1, html.split("<tr>", -1).length - 1);
    assertTrue(html.contains("showing 60 of 600 rows"), html);
    assertFalse(html.contains("<caption>"), html);
  }

  @Test
  void longerTablesSortAndShortOnesArePlain() {
    String plain = TableHtml.of(TWO_ROWS);
    assertFalse(plain.contains("<script>") || plain.contains("kerf-sort\""), plain);
    int[] numbers = IntStream.range(0, TableSort.FEWEST_ROWS).toArray();
    String sorts = TableHtml.of(Table.create("", IntColumn.create("n", numbers)));
    assertTrue(sorts.contains("<table class=\"kerf-table kerf-sort\">"), sorts);
    assertTrue(sorts.endsWith(TableSort.SCRIPT), sorts);
  }

  @Test
  void theScriptReachesForNothingOutside() {
    for (String way : List.of("http", "src=", "import(", "fetch", "innerHTML", "eval")) {
      assertFalse(TableSort.SCRIPT.contains(way), way);
    }
  }

  @Test
  void totalsStandBelowAndAreNoRows() {
    Table totals =
        Table.create(StringColumn.create("variant", "mean"), DoubleColumn.create("score", 0.13925));
    String html = body(TableHtml.of(FootnotedTable.of(TWO_ROWS, "").withTotals(totals)));
    assertTrue(
        html.endsWith(
            "</tbody><tbody class=\"kerf-t\"><tr><td>mean</td><td class=\"kerf-n\">0.1393</td></tr>"
                + "</tbody></table>"),
        html);
  }

  @Test
  void totalsOfOtherColumnsAreRefused() {
    FootnotedTable table = FootnotedTable.of(TWO_ROWS, "");
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> table.withTotals(Table.create(StringColumn.create("n", "1"))));
    assertEquals(
        "totals must have the table's columns [variant, score], had [n]", error.getMessage());
  }

  @Test
  void tableWithoutColumnsIsStillATable() {
    assertTrue(body(TableHtml.of(Table.create("empty"))).startsWith("<table"));
  }
}
