package io.kerf.eval;

/** Where a number lies with 95 % confidence; NaN at both ends where nothing is known. */
public record Bounds(double low, double high) {
  /** Nothing is known. */
  public static final Bounds UNKNOWN = new Bounds(Double.NaN, Double.NaN);
}
