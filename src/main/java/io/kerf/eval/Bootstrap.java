package io.kerf.eval;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How far a mean change may be from what was seen, had other items of the same kind been asked
 * (Efron 1979): items are drawn again with replacement, both models' answers to an item together,
 * and the interval holds the middle of the means.
 *
 * @param draws how often
 * @param seed the same seed gives the same interval
 * @param level the share of the draws that the interval holds, 0.95
 */
public record Bootstrap(int draws, long seed, double level) {
  /** For statistics that are dear to take: 1,000 draws, of which the interval holds 95 percent. */
  public static final Bootstrap COARSE = new Bootstrap(1000, 1, 0.95);

  private static final int DRAWS = 10_000;

  public Bootstrap {
    if (draws < 1) {
      throw new IllegalArgumentException("a bootstrap needs at least 1 draw, was " + draws);
    }
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level must be in (0, 1), was " + level + "; for 95 percent write 0.95");
    }
  }

  /** 10,000 draws by that seed, 95 percent of which the interval holds. */
  public static Bootstrap seeded(long seed) {
    return new Bootstrap(DRAWS, seed, 0.95);
  }

  /**
   * Of any statistic of a sample.
   *
   * @param n size of the sample; below 2 nothing is known
   * @param statistic its value on the members of those indices, each in [0, n), n of them
   */
  public Interval of(int n, ToDoubleFunction<int[]> statistic) {
    if (n < 2) {
      return unknown();
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[draws];
    int[] drawn = new int[n];
    for (int draw = 0; draw < draws; draw++) {
      Arrays.setAll(drawn, i -> random.nextInt(n));
      values[draw] = statistic.applyAsDouble(drawn);
    }
    Arrays.sort(values);
    return Double.isNaN(values[draws - 1]) ? unknown() : middle(values); // NaN is sorted last
  }

  /**
   * Of any statistic of two samples that have nothing to do with each other.
   *
   * @param n size of the first; below 2 nothing is known
   * @param m size of the second, likewise
   * @param statistic its value on members of the first and members of the second
   */
  public Interval of(int n, int m, ToDoubleBiFunction<int[], int[]> statistic) {
    if (n < 2 || m < 2) {
      return unknown();
    }
    SplittableRandom others = new SplittableRandom(seed).split();
    int[] second = new int[m];
    return of(
        n,
        first -> {
          Arrays.setAll(second, i -> others.nextInt(m));
          return statistic.applyAsDouble(first, second);
        });
  }

  /** Of the mean of these values. */
  public Interval ofMean(double[] values) {
    return of(
        values.length,
        drawn -> IntStream.of(drawn).mapToDouble(i -> values[i]).sum() / drawn.length);
  }

  /** Of the mean change over all items. */
  public Interval ofMean(Differences differences) {
    return ofMacroMean(List.of(differences));
  }

  /** Of the change of a share of right answers. */
  public Interval ofDifference(Paired paired) {
    return ofMean(Differences.of(paired));
  }

  /**
   * Of the mean over groups of the mean change in each; items are drawn within their group, so that
   * every draw has the same groups. NaN where there is no group, or one without items.
   */
  public Interval ofMacroMean(List<Differences> groups) {
    if (groups.stream().mapToLong(Differences::items).min().orElse(0) == 0) {
      return unknown();
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[draws];
    for (Differences group : groups) {
      double[] part = group.resampled(draws, random);
      for (int draw = 0; draw < draws; draw++) {
        means[draw] += part[draw] / groups.size();
      }
    }
    Arrays.sort(means);
    return middle(means);
  }

  private Interval unknown() {
    return new Interval(Double.NaN, Double.NaN, level);
  }

  private Interval middle(double[] sorted) {
    return new Interval(
        quantile(sorted, (1 - level) / 2), quantile(sorted, 1 - (1 - level) / 2), level);
  }

  /** As {@link #ofMacroMean}, for shares of right answers. */
  public Interval ofMacroDifference(List<Paired> groups) {
    return ofMacroMean(groups.stream().map(Differences::of).toList());
  }

  /** Between the two nearest draws in proportion, as NumPy does. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
