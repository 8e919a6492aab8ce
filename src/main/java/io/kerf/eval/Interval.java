package io.kerf.eval;

/** Where a number lies with 95 % confidence; NaN at both ends where nothing is known. */
public record Interval(double low, double high) {
  /** Nothing is known. */
  public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);
}
