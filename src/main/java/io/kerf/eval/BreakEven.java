package io.kerf.eval;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * After how many queries a cut has paid: what its training took once, divided by what it saves with
 * each query, {@code N = T / (d - v)}.
 *
 * <p>Everything is in one unit, seconds or operations. Where it was measured, the interval is the
 * bootstrap's of the reciprocal {@code (d - v) / T}, the share of the training that a query pays
 * back: it is a number also where a query saves nothing. Steps of the training are drawn again on
 * their own, queries in pairs, since both models were asked the same one.
 *
 * @param training what it took
 * @param dense what a query takes of the dense model
 * @param variant what it takes of the cut one
 * @param saving where {@code dense - variant} lies; not known where it was counted, not measured
 * @param queries where N lies, its end infinite where a query may save nothing; likewise
 */
public record BreakEven(
    double training, double dense, double variant, Interval saving, Interval queries) {
  /** Fewer pairs say nothing of their spread. */
  public static final int LEAST_QUERIES = 2;

  /** What is known of N. */
  public enum Verdict {
    /** After that many queries the cut has paid. */
    PAYS,
    /** A query saves so little, if anything, that the measurement does not tell. */
    UNSETTLED,
    /** A query takes as much as before, or more. */
    NEVER
  }

  public BreakEven {
    positive("training", training);
    positive("a query of the dense model", dense);
    positive("a query of the variant", variant);
  }

  private static void positive(String what, double amount) {
    if (!(amount > 0 && Double.isFinite(amount))) {
      throw new IllegalArgumentException(what + " took " + amount + ", must be above 0");
    }
  }

  /** Of amounts that are known exactly, such as operations. */
  public static BreakEven counted(double training, double dense, double variant) {
    Interval unknown = new Interval(Double.NaN, Double.NaN, Bootstrap.COARSE.level());
    return new BreakEven(training, dense, variant, unknown, unknown);
  }

  /**
   * Of seconds as they were measured.
   *
   * @param steps of the training; of a single one the spread, and so N's interval, is not known
   * @param dense of queries, at least {@link #LEAST_QUERIES}
   * @param variant of the same queries
   */
  public static BreakEven measured(
      double[] steps, double[] dense, double[] variant, Bootstrap bootstrap) {
    if (steps.length == 0) {
      throw new IllegalArgumentException("no step of the training was measured: train first");
    }
    if (dense.length != variant.length || dense.length < LEAST_QUERIES) {
      throw new IllegalArgumentException(
          "both models need the times of the same "
              + LEAST_QUERIES
              + " queries or more, got "
              + dense.length
              + " and "
              + variant.length);
    }
    checked("step", steps);
    checked("dense query", dense);
    checked("variant query", variant);
    double[] saved =
        IntStream.range(0, dense.length).mapToDouble(i -> dense[i] - variant[i]).toArray();
    Interval shares =
        bootstrap.of(
            steps.length, saved.length, (s, q) -> mean(saved, q) / (steps.length * mean(steps, s)));
    return new BreakEven(
        DoubleStream.of(steps).sum(),
        DoubleStream.of(dense).average().orElseThrow(),
        DoubleStream.of(variant).average().orElseThrow(),
        bootstrap.ofMean(saved),
        new Interval(reciprocal(shares.high()), reciprocal(shares.low()), shares.level()));
  }

  private static void checked(String what, double[] seconds) {
    for (int i = 0; i < seconds.length; i++) {
      if (!(seconds[i] > 0 && Double.isFinite(seconds[i]))) {
        throw new IllegalArgumentException(
            what + " " + (i + 1) + " took " + seconds[i] + " seconds, must be above 0");
      }
    }
  }

  private static double mean(double[] values, int[] drawn) {
    double sum = 0;
    for (int i : drawn) {
      sum += values[i];
    }
    return sum / drawn.length;
  }

  /** Queries that pay for the training if each pays that share; never, if it pays none. */
  private static double reciprocal(double share) {
    return Double.isNaN(share) ? Double.NaN : share > 0 ? 1 / share : Double.POSITIVE_INFINITY;
  }

  /** What a query saves; below 0 where it takes longer. */
  public double saved() {
    return dense - variant;
  }

  /** Whether the cut pays, as far as is known. */
  public Verdict verdict() {
    boolean measured = !Double.isNaN(saving.low());
    if (measured && !saving.excludesZero()) {
      return Verdict.UNSETTLED;
    }
    return saved() > 0 ? Verdict.PAYS : Verdict.NEVER;
  }

  /** N, not rounded; infinite where it {@linkplain Verdict#NEVER never} pays, NaN if unsettled. */
  public double count() {
    return switch (verdict()) {
      case PAYS -> training / saved();
      case UNSETTLED -> Double.NaN;
      case NEVER -> Double.POSITIVE_INFINITY;
    };
  }
}
