package io.kerf.train;

/**
 * An exponential moving average that does not begin at 0: each value counts {@code decay} times
 * less than the one after it, and the weights sum to 1 from the first value on (the bias correction
 * of Adam, arXiv 1412.6980).
 */
public final class Smoothing {
  /** About the last ten values count. */
  public static final double USUAL_DECAY = 0.9;

  private final double decay;
  private double sum;
  private double weight;

  /**
   * An average of nothing yet.
   *
   * @param decay how much the past still counts one value later, in [0, 1)
   */
  public Smoothing(double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "decay must be in [0, 1), was " + decay + "; " + USUAL_DECAY + " is usual");
    }
    this.decay = decay;
  }

  /**
   * The average with one more value; a value that is no finite number changes nothing.
   *
   * @return NaN before the first finite value
   */
  public double next(double value) {
    if (Double.isFinite(value)) {
      sum = decay * sum + (1 - decay) * value;
      weight = decay * weight + (1 - decay);
    }
    return weight == 0 ? Double.NaN : sum / weight;
  }
}
