package io.kerf.eval;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * What the same queries take of two models, in seconds, measured by turns: whatever slows the
 * machine down for a while slows both.
 *
 * @param dense of the one, by query
 * @param variant of the other
 * @param asked how many queries were to be measured; an interrupt leaves fewer
 */
public record QueryTimes(double[] dense, double[] variant, int asked) {
  public QueryTimes {
    if (dense.length != variant.length) {
      throw new IllegalArgumentException(
          "queries are measured in pairs, got " + dense.length + " and " + variant.length);
    }
    dense = dense.clone();
    variant = variant.clone();
  }

  /** How many pairs were measured. */
  public int pairs() {
    return dense.length;
  }

  /**
   * Measures each query on both models, by chance first on the one or on the other.
   *
   * @param warmUp so many queries, the first, are asked of both and do not count
   * @param queries so many count, at least two
   * @param dense asks the query of that index
   * @param variant likewise
   * @throws Interrupted if an interrupt comes before two pairs are measured; later ones end it
   */
  public static QueryTimes alternately(
      int warmUp,
      int queries,
      long seed,
      IntConsumer dense,
      IntConsumer variant,
      LongSupplier nanoTime,
      ProgressListener listener) {
    double[] ofDense = new double[queries];
    double[] ofVariant = new double[queries];
    SplittableRandom random = new SplittableRandom(seed);
    int done = 0;
    try (Progress progress = listener.start("side by side", 2L * (warmUp + queries), "queries")) {
      for (int q = 0; q < warmUp + queries; q++) {
        boolean denseFirst = random.nextBoolean();
        double first = seconds(denseFirst ? dense : variant, q, nanoTime, progress);
        double second = seconds(denseFirst ? variant : dense, q, nanoTime, progress);
        if (q >= warmUp) {
          ofDense[done] = denseFirst ? first : second;
          ofVariant[done++] = denseFirst ? second : first;
        }
      }
    } catch (Interrupted e) {
      if (done < BreakEven.LEAST_QUERIES) {
        throw e;
      }
    }
    return new QueryTimes(Arrays.copyOf(ofDense, done), Arrays.copyOf(ofVariant, done), queries);
  }

  private static double seconds(
      IntConsumer asks, int query, LongSupplier nanoTime, Progress progress) {
    Interrupted.check("measuring side by side");
    long start = nanoTime.getAsLong();
    asks.accept(query);
    double seconds = (nanoTime.getAsLong() - start) * 1e-9;
    progress.advance(1);
    return seconds;
  }
}
