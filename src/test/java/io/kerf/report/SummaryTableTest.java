package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.model.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class SummaryTableTest {
  private static final SummaryTable.Totals TOTALS =
      new SummaryTable.Totals("tiny <b>, dense", 30, 1_500_000, 6_000_000, 0.25, 16);

  private static SummaryTable.Row row(
      int block, Role role, boolean bias, String dtype, long zeros) {
    return row("", block, role, bias, dtype, zeros);
  }

  private static SummaryTable.Row row(
      String stack, int block, Role role, boolean bias, String dtype, long zeros) {
    String name = block + "." + role + (bias ? ".bias" : ".weight");
    String shape = bias ? "4" : "4 x 8";
    return new SummaryTable.Row(
        name, stack, block, role, bias, shape, dtype, bias ? 4 : 32, 128, zeros);
  }

  private static List<SummaryTable.Row> thirtyBlocks() {
    List<SummaryTable.Row> rows = new ArrayList<>();
    rows.add(row(-1, Role.TOKEN_EMBEDDING, false, "float32", 0));
    rows.add(row(-1, Role.HEAD, true, "float32", 0));
    for (int block = 0; block < 30; block++) {
      rows.add(row(block, Role.QUERY, false, "float32", 8));
      rows.add(row(block, Role.QUERY, true, "float32", 0));
      boolean rounded = block == 3 || block > 20 && block < 25;
      rows.add(row(block, Role.DOWN, false, rounded ? "int8" : "float32", 0));
    }
    return rows;
  }

  @Test
  void foldsEqualBlocksInTheOrderOfTheForwardPass() {
    Table table = SummaryTable.folded(TOTALS, thirtyBlocks(), "foot");
    assertEquals(
        List.of("blocks", "role", "shape", "dtype", "parameters", "bytes", "sparsity"),
        table.columnNames());
    assertEquals(
        List.of(Digits.MISSING, "0-29", "0-29", "0-2, 4-20, 25-29", "3, 21-24", Digits.MISSING),
        table.stringColumn("blocks").asList());
    assertEquals(
        List.of("TOKEN_EMBEDDING", "QUERY", "QUERY bias", "DOWN", "DOWN", "HEAD bias"),
        table.stringColumn("role").asList());
    assertEquals(30 * 32, table.longColumn("parameters").get(1));
    assertEquals(30 * 128, table.longColumn("bytes").get(1));
    assertEquals(0.25, table.doubleColumn("sparsity").get(1));
  }

  @Test
  void foldsEachStackOfAnEncoderDecoderForItself() {
    List<SummaryTable.Row> rows = new ArrayList<>();
    for (String stack : List.of("decoder", "encoder")) {
      for (int block = 0; block < 3; block++) {
        rows.add(row(stack, block, Role.QUERY, false, "float32", 0));
      }
    }
    Table table = SummaryTable.folded(TOTALS, rows, "");
    assertEquals(List.of("encoder 0-2", "decoder 0-2"), table.stringColumn("blocks").asList());
    assertEquals(3 * 32, table.longColumn("parameters").get(1));
  }

  @Test
  void givesTheLowestAndHighestSparsityWhereTheyDiffer() {
    List<SummaryTable.Row> rows =
        List.of(
            row(0, Role.UP, false, "f", 8),
            row(1, Role.UP, false, "f", 24),
            row(0, Role.DOWN, false, "f", 8));
    Table table = SummaryTable.folded(TOTALS, rows, "");
    assertEquals(0.5, table.doubleColumn("sparsity").get(0));
    assertEquals(0.25, table.doubleColumn("lowest").get(0));
    assertEquals(0.75, table.doubleColumn("highest").get(0));
    assertTrue(table.doubleColumn("lowest").isMissing(1));
  }

  @Test
  void totalsStandAboveAndTheFootnoteBelowAllEscaped() {
    String html = TableHtml.of(SummaryTable.folded(TOTALS, thirtyBlocks(), "from <i>\n1. cut"));
    assertTrue(
        html.contains(
            "tiny &lt;b&gt;, dense: 30 layers, 1.5 M parameters, 6.00 MB, 25.0 % of linear weights"
                + " zero, 16.00 bits each"),
        html);
    assertTrue(html.contains("from &lt;i&gt;<br>1. cut"), html);
    assertFalse(html.contains("<b>"), html);
    assertFalse(html.contains("<i>"), html);
  }

  @Test
  void theWholeTableHasALineForEachWeight() {
    Table table = SummaryTable.of("tiny", thirtyBlocks(), "");
    assertEquals(92, table.rowCount());
    assertTrue(table.intColumn("block").isMissing(0));
    assertEquals(29, table.intColumn("block").get(91));
    assertEquals("DOWN", table.stringColumn("role").get(91));
  }
}
