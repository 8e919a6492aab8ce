package io.kerf.rows;

import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What all fields of a CSV column look like, as pandas tells it: found by looking at every field,
 * then used to make values of them.
 *
 * <p>Of what differs from pandas: numbers are rounded exactly, which its quick parser is not.
 */
final class ColumnKind {
  /** What pandas takes for "no value"; answers such as "None" and "NA" among them. */
  private static final Set<String> NULLS =
      Set.of(
          "",
          "#N/A",
          "#N/A N/A",
          "#NA",
          "-1.#IND",
          "-1.#QNAN",
          "-NaN",
          "-nan",
          "1.#IND",
          "1.#QNAN",
          "<NA>",
          "N/A",
          "NA",
          "NULL",
          "NaN",
          "None",
          "n/a",
          "nan",
          "null");

  private static final Set<String> TRUE = Set.of("True", "TRUE", "true");
  private static final Set<String> FALSE = Set.of("False", "FALSE", "false");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,20}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?");
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private boolean nulls;
  private boolean booleans = true;
  private boolean wholes = true;
  private boolean numbers = true;

  /** Looks at a field. */
  void see(String field) {
    if (NULLS.contains(field)) {
      nulls = true;
      return;
    }
    booleans &= TRUE.contains(field) || FALSE.contains(field);
    String plain = field.strip();
    wholes &= isWhole(plain);
    numbers &= NUMBER.matcher(plain).matches() || INFINITE.matcher(plain).matches();
  }

  private static boolean isWhole(String field) {
    if (!WHOLE.matcher(field).matches()) {
      return false;
    }
    BigInteger number = new BigInteger(field);
    return number.compareTo(LEAST) >= 0 && number.compareTo(MOST) <= 0;
  }

  /** A field as a value: null, true or false, a number, a string. */
  Object value(String field) {
    if (NULLS.contains(field)) {
      return null;
    }
    if (booleans) {
      return TRUE.contains(field);
    }
    String plain = field.strip();
    if (wholes && !nulls) { // with nulls, pandas has no whole numbers
      return new BigInteger(plain);
    }
    return numbers ? (Object) number(plain) : field;
  }

  private static double number(String plain) {
    if (!INFINITE.matcher(plain).matches()) {
      return Double.parseDouble(plain);
    }
    return plain.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }
}
