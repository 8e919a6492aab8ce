package io.kerf.report;

import java.util.Locale;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/** How the cells of one column are written: all with the same number of decimals. */
final class Digits {
  /** What stands in a cell without a value. */
  static final String MISSING = "\u2013";

  private static final int SIGNIFICANT = 4;
  private static final double SMALL = 1e-4;
  private static final int MOST_DECIMALS = 6;

  private final Column<?> column;
  private final int decimals;

  private Digits(Column<?> column, int decimals) {
    this.column = column;
    this.decimals = decimals;
  }

  /**
   * Decimals so that the largest value shows four digits and the smallest from 1 upwards three,
   * fewer where none needs them.
   */
  static Digits of(Column<?> column) {
    return new Digits(column, column instanceof NumericColumn<?> numbers ? decimals(numbers) : 0);
  }

  boolean numeric() {
    return column instanceof NumericColumn<?>;
  }

  /** The cell as text; {@link #MISSING} where there is none. */
  String cell(int row) {
    return cell(column, row);
  }

  /** A cell of another column, written as this one's are. */
  String cell(Column<?> other, int row) {
    if (other.isMissing(row)) {
      return MISSING;
    }
    if (other instanceof NumericColumn<?> numbers) {
      double value = numbers.getDouble(row);
      String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
      if (value > 0 && text.matches("0\\.0+")) {
        int places = value < SMALL ? Math.max(decimals, SIGNIFICANT) : decimals;
        return "<0." + "0".repeat(places - 1) + "1"; // little, and not nothing
      }
      return text.matches("-[0.]+") ? text.substring(1) : text;
    }
    return other.getString(row);
  }

  private static int decimals(NumericColumn<?> numbers) {
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY; // of those from 1 upwards
    boolean whole = true;
    for (int row = 0; row < numbers.size(); row++) {
      double value = Math.abs(numbers.getDouble(row));
      if (numbers.isMissing(row) || Double.isInfinite(value)) {
        continue;
      }
      largest = Math.max(largest, value);
      smallest = value >= 1 ? Math.min(smallest, value) : smallest;
      whole &= value == Math.rint(value);
    }
    if (whole) {
      return 0;
    }
    int wanted = Math.max(0, SIGNIFICANT - digitsBeforePoint(largest));
    if (smallest < largest) {
      wanted = Math.max(wanted, SIGNIFICANT - 1 - digitsBeforePoint(smallest));
    }
    while (wanted < MOST_DECIMALS && largest < Math.pow(10, 1 - wanted)) {
      wanted++; // all values tiny: show two digits of the largest at least
    }
    return Math.min(wanted, needed(numbers));
  }

  private static int digitsBeforePoint(double value) {
    return value < 1 ? 0 : (int) Math.floor(Math.log10(value)) + 1;
  }

  /** The fewest decimals that lose nothing: 0.5, 0.25 need two. */
  private static int needed(NumericColumn<?> numbers) {
    int needed = 1;
    for (int row = 0; row < numbers.size() && needed < MOST_DECIMALS; row++) {
      double value = numbers.getDouble(row);
      while (needed < MOST_DECIMALS
          && Double.isFinite(value)
          && Math.abs(value * Math.pow(10, needed) - Math.rint(value * Math.pow(10, needed)))
              > 1e-6) {
        needed++;
      }
    }
    return needed;
  }
}
