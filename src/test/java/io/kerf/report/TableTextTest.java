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
}
