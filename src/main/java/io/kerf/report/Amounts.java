package io.kerf.report;

import java.util.Locale;

/** Amounts as people read them. */
final class Amounts {
  private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Amounts() {}

  /** Decimal units, three digits: "987 B", "12.4 MB", "1.23 GB". */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, BYTE_UNITS[unit]);
  }

  /** "0:07", "12:34", "1:02:03". */
  static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /** Three digits: "0.52", "4.31", "41.2", "4,120". */
  static String rate(double perSecond) {
    int decimals = perSecond >= 99.95 ? 0 : perSecond >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + decimals + "f", perSecond);
  }
}
