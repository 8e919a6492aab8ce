package io.kerf.eval;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * The percentile bootstrap: a statistic of a sample is taken again on samples drawn from it with
 * replacement, and the middle 95 % of what comes out is its interval. The same sample gives the
 * same interval: the draws have a fixed seed.
 */
public final class Resampling {
  /** How many samples are drawn. */
  public static final int RESAMPLES = 1000;

  private static final long SEED = 1;
  private static final double TAIL = 0.025;

  private Resampling() {}

  /**
   * The interval of a statistic.
   *
   * @param n size of the sample; below 2 nothing is known
   * @param statistic its value on the members of those indices, each in [0, n), n of them
   */
  public static Bounds bounds(int n, ToDoubleFunction<int[]> statistic) {
    if (n < 2) {
      return Bounds.UNKNOWN;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] values = new double[RESAMPLES];
    int[] drawn = new int[n];
    for (int r = 0; r < RESAMPLES; r++) {
      Arrays.setAll(drawn, i -> random.nextInt(n));
      values[r] = statistic.applyAsDouble(drawn);
    }
    Arrays.sort(values);
    return Double.isNaN(values[RESAMPLES - 1]) // sorted last
        ? Bounds.UNKNOWN
        : new Bounds(quantile(values, TAIL), quantile(values, 1 - TAIL));
  }

  /** The interval of the mean of these values. */
  public static Bounds ofMean(double[] values) {
    return bounds(
        values.length,
        drawn -> {
          double sum = 0;
          for (int i : drawn) {
            sum += values[i];
          }
          return sum / drawn.length;
        });
  }

  /** Between the two nearest of sorted values, as numpy's default has it. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
