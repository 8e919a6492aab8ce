package io.kerf.eval;

/**
 * A metric's value on a sample.
 *
 * @param metric its name
 * @param value NaN where the sample is empty
 * @param standardError NaN where none is known
 * @param samples how many documents it was taken over
 * @param higherIsBetter whether more of it is better
 */
public record Measure(
    String metric, double value, double standardError, int samples, boolean higherIsBetter) {

  /** Whether a standard error is known. */
  public boolean hasStandardError() {
    return !Double.isNaN(standardError);
  }
}
