package io.kerf.report;

import io.kerf.eval.BreakEven;
import io.kerf.eval.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** After how many queries a cut has paid, in a sentence. */
public final class BreakEvenText {
  private static final int PER = 1000; // queries

  private BreakEvenText() {}

  /**
   * "Training took 203 s; 1,000 queries take 41.2 s less; the cut has paid after 4,930 queries (95
   * %: 4,700 to 5,210)." Where a query takes no less, or may, it says that.
   */
  public static String sentence(BreakEven bill, String unit) {
    String training = "Training took " + three(bill.training()) + " " + unit;
    return switch (bill.verdict()) {
      case PAYS ->
          training
              + "; 1,000 queries take "
              + thousand(bill.saved(), unit)
              + " less; the cut has paid after "
              + queries(bill.count())
              + bounds(bill)
              + ".";
      case UNSETTLED ->
          training
              + "; 1,000 queries take between "
              + change(bill.saving().low(), unit)
              + " and "
              + change(bill.saving().high(), unit)
              + level(bill.saving(), " (", ")")
              + ": whether the cut ever pays does not show in what was measured"
              + (bill.queries().low() < Double.POSITIVE_INFINITY
                  ? "; if it does, not before " + queries(bill.queries().low())
                  : "")
              + ".";
      case NEVER ->
          training
              + ", and 1,000 queries take "
              + (bill.saved() == 0
                  ? "as much as before"
                  : thousand(-bill.saved(), unit) + " more" + moreBounds(bill, unit))
              + ": the cut never pays.";
    };
  }

  /** A sentence for each way of billing, and tables and charts below them. */
  public static String html(List<BreakEvenRow> rows, List<?> parts) {
    return ComparisonText.html(sentences(rows), parts);
  }

  /** The same as plain text. */
  public static String text(List<BreakEvenRow> rows, List<?> parts) {
    return ComparisonText.text(sentences(rows), parts);
  }

  /** The first as it is, the others by their names; without the last full stop. */
  private static String sentences(List<BreakEvenRow> rows) {
    StringBuilder text = new StringBuilder();
    for (BreakEvenRow row : rows) {
      String sentence = sentence(row.bill(), row.unit());
      text.append(text.isEmpty() ? sentence : " " + titled(row.by()) + ": " + small(sentence));
    }
    return text.substring(0, text.length() - 1);
  }

  private static String titled(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String small(String text) {
    return Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static String bounds(BreakEven bill) {
    if (!Double.isNaN(bill.queries().low())) {
      return bounds(bill.queries());
    }
    // measured, but the steps of the training were too few
    return Double.isNaN(bill.saving().low())
        ? ""
        : " (no interval: one step of training has no spread)";
  }

  /** " (95 %: 4,700 to 5,210)", nothing where it is not known. */
  static String bounds(Interval queries) {
    return Double.isNaN(queries.low())
        ? ""
        : level(queries, " (", ": ")
            + whole(queries.low())
            + (Double.isInfinite(queries.high())
                ? " or more)"
                : " to " + whole(queries.high()) + ")");
  }

  private static String moreBounds(BreakEven bill, String unit) {
    Interval saving = bill.saving();
    return Double.isNaN(saving.low())
        ? ""
        : level(saving, " (", ": ")
            + three(-PER * saving.high())
            + " to "
            + thousand(-saving.low(), unit)
            + ")";
  }

  private static String level(Interval interval, String before, String after) {
    return String.format(Locale.ROOT, "%s%.0f %%%s", before, 100 * interval.level(), after);
  }

  private static String change(double saved, String unit) {
    return thousand(Math.abs(saved), unit) + (saved < 0 ? " more" : " less");
  }

  private static String thousand(double amount, String unit) {
    return three(PER * amount) + " " + unit;
  }

  private static String queries(double count) {
    String number = whole(count);
    return number + (number.equals("1") ? " query" : " queries");
  }

  /** The next whole number below a thousand, three digits above. */
  static String whole(double count) {
    return count < 1000 ? three(Math.ceil(count)) : three(count);
  }

  /** Three digits: "0.0412", "41.2", "4,930". */
  static String three(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3, RoundingMode.HALF_EVEN));
    boolean whole = rounded.compareTo(BigDecimal.valueOf(Math.rint(rounded.doubleValue()))) == 0;
    return String.format(Locale.ROOT, "%,." + (whole ? 0 : rounded.scale()) + "f", rounded);
  }
}
