package io.kerf.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Calibration by variant, task and metric, as a table. */
public final class CalibrationTable {
  private CalibrationTable() {}

  /**
   * The table.
   *
   * @param caption above it
   * @param rows in the order shown
   * @param footnote what it stands on
   */
  public static FootnotedTable of(String caption, List<CalibrationRow> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("variant", rows.stream().map(CalibrationRow::variant).toList()),
            StringColumn.create("task", rows.stream().map(CalibrationRow::task).toList()),
            StringColumn.create("metric", rows.stream().map(CalibrationRow::metric).toList()),
            column("right", rows, r -> r.calibration().accuracy()),
            column("confidence", rows, r -> r.calibration().confidence()),
            column("too sure by", rows, r -> r.calibration().overconfidence()),
            column("ECE", rows, r -> r.calibration().error()),
            column("ECE from", rows, r -> r.calibration().errorBounds().low()),
            column("ECE to", rows, r -> r.calibration().errorBounds().high()),
            column("Brier", rows, r -> r.calibration().brier()),
            IntColumn.create(
                "n", rows.stream().mapToInt(r -> r.calibration().samples()).toArray()));
    return FootnotedTable.of(table, footnote);
  }

  private static DoubleColumn column(
      String name, List<CalibrationRow> rows, ToDoubleFunction<CalibrationRow> value) {
    return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
  }
}
