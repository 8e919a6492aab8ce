package io.kerf.report;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Known numbers beside what Kerf gets, as a table. */
public final class AnchorTable {
  private static final DecimalFormatSymbols POINT = DecimalFormatSymbols.getInstance(Locale.ROOT);

  private AnchorTable() {}

  /**
   * One number.
   *
   * @param model as it is loaded
   * @param cut what was done to it
   * @param expected the known value
   * @param got what was measured; NaN where nothing was
   * @param tolerance how far the two may be apart, in the value's unit
   * @param verdict "agrees", "differs", "absent" ... and why
   * @param source where the known value is from
   */
  public record Row(
      String model,
      String cut,
      String task,
      String metric,
      double expected,
      double got,
      double tolerance,
      String verdict,
      String source) {}

  /** The table, in the rows' order; each number with its own digits, since their units differ. */
  public static FootnotedTable of(String caption, List<Row> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("model", rows.stream().map(Row::model).toList()),
            StringColumn.create("cut", rows.stream().map(Row::cut).toList()),
            StringColumn.create("task", rows.stream().map(Row::task).toList()),
            StringColumn.create("metric", rows.stream().map(Row::metric).toList()),
            number("expected", rows, Row::expected),
            number("got", rows, Row::got),
            number("tolerance", rows, Row::tolerance),
            StringColumn.create("verdict", rows.stream().map(Row::verdict).toList()),
            StringColumn.create("source", rows.stream().map(Row::source).toList()));
    return FootnotedTable.of(table, footnote);
  }

  private static StringColumn number(String name, List<Row> rows, ToDoubleFunction<Row> value) {
    return StringColumn.create(
        name, rows.stream().map(row -> digits(value.applyAsDouble(row), row.tolerance())).toList());
  }

  /** One digit more than the tolerance has, four at most. */
  private static String digits(double value, double tolerance) {
    if (Double.isNaN(value)) {
      return Digits.MISSING;
    }
    long decimals = Math.min(4, Math.max(1, 1 + Math.round(Math.ceil(-Math.log10(tolerance)))));
    return new DecimalFormat("0.0" + "#".repeat((int) decimals - 1), POINT).format(value);
  }
}
