package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TableTextTest {
  @Test
  void alignsTextLeftAndNumbersRight() {
    Table table =
        Table.create(
            "Cost",
            StringColumn.create("variant", "dense", "int8 dynamic"),
            DoubleColumn.create("score", 0.141, Double.NaN),
            IntColumn.create("n", 305, 5527));
    assertEquals(
        String.join(
            "\n",
            "Cost",
            "variant       score      n",
            "------------  -----  -----",
            "dense         0.141    305",
            "int8 dynamic      \u2013  5,527",
            "Kerf 0.1.0"),
        TableText.of(FootnotedTable.of(table, "Kerf 0.1.0")));
  }

  @Test
  void totalsStandBelowARule() {
    Table table = Table.create("t", DoubleColumn.create("score", 0.141, 0.1375));
    Table totals = Table.create(DoubleColumn.create("score", 0.13925));
    assertEquals(
        "t\n score\n------\n0.1410\n0.1375\n------\n0.1393\nfoot",
        TableText.of(FootnotedTable.of(table, "foot").withTotals(totals)));
  }

  @Test
  void cellsAreOneLineEachAndOrderNoTerminal() {
    Table table = Table.create("t", StringColumn.create("a", "x\ny\u001B[31m"));
    assertEquals("t\na\n--------\nx y\uFFFD[31m", TableText.of(table));
  }
}
