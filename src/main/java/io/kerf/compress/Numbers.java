package io.kerf.compress;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How numbers are written in labels and lineage: the same in every locale. */
final class Numbers {
  private Numbers() {}

  /** A fraction as "50%" or "12.5%". */
  static String percent(double fraction) {
    return plain(BigDecimal.valueOf(fraction).movePointRight(2), 2) + "%";
  }

  /** Six decimals at most: "0.499999". */
  static String fraction(double value) {
    return plain(BigDecimal.valueOf(value), 6);
  }

  private static String plain(BigDecimal value, int decimals) {
    BigDecimal rounded = value.setScale(decimals, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0).toPlainString() : rounded.toPlainString();
  }
}
