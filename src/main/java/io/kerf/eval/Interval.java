package io.kerf.eval;

/**
 * Where a value lies with some confidence.
 *
 * @param low NaN where nothing is known
 * @param high likewise
 * @param level how sure, 0..1
 */
public record Interval(double low, double high, double level) {
  /** Whether the value is known to differ from 0 at that level. */
  public boolean excludesZero() {
    return low > 0 || high < 0;
  }
}
