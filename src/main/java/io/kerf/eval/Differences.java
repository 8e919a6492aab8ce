package io.kerf.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What changed from one model to another, item by item, as counts of equal changes: to draw items
 * again with replacement is then to draw counts.
 */
public final class Differences {
  /** With more distinct values drawing item by item is faster. */
  private static final int MOST_COUNTED = 8;

  private final double[] values; // distinct, the most frequent first
  private final long[] counts;
  private final long items;

  private Differences(Map<Double, Long> byValue) {
    var sorted =
        byValue.entrySet().stream()
            .filter(e -> e.getValue() > 0)
            .sorted(Map.Entry.<Double, Long>comparingByValue().reversed())
            .toList();
    values = sorted.stream().mapToDouble(Map.Entry::getKey).toArray();
    counts = sorted.stream().mapToLong(Map.Entry::getValue).toArray();
    items = Arrays.stream(counts).sum();
  }

  /** Of answers that are right or wrong: -1, 0 and 1. */
  public static Differences of(Paired paired) {
    Map<Double, Long> byValue = new LinkedHashMap<>();
    byValue.put(0.0, paired.kept() + paired.missed());
    byValue.put(-1.0, paired.lost());
    byValue.put(1.0, paired.gained());
    return new Differences(byValue);
  }

  /** Of any values of the same items: after less before. */
  public static Differences of(double[] before, double[] after) {
    if (before.length != after.length) {
      throw new IllegalArgumentException(
          "values before and after must be of the same items, were "
              + before.length
              + " and "
              + after.length);
    }
    Map<Double, Long> byValue = new LinkedHashMap<>();
    for (int i = 0; i < before.length; i++) {
      double difference = after[i] - before[i];
      if (!Double.isFinite(difference)) {
        throw new IllegalArgumentException(
            "item "
                + i
                + " went from "
                + before[i]
                + " to "
                + after[i]
                + ", which is no difference");
      }
      byValue.merge(difference + 0.0, 1L, Long::sum); // -0.0 is 0
    }
    return new Differences(byValue);
  }

  /** How many items there are. */
  public long items() {
    return items;
  }

  /** The mean change; NaN without items. */
  public double mean() {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * counts[i];
    }
    return sum / items;
  }

  /** The means of as many items drawn with replacement, once for each draw. */
  double[] resampled(int draws, SplittableRandom random) {
    return values.length <= MOST_COUNTED ? byCounts(draws, random) : byItems(draws, random);
  }

  /** A multinomial drawn as binomials: of the items left, how many have this value. */
  private double[] byCounts(int draws, SplittableRandom random) {
    double[] means = new double[draws];
    List<Map<Long, Binomial.Table>> tables = new ArrayList<>(); // by value, by items left
    Arrays.stream(values).forEach(v -> tables.add(new HashMap<>()));
    for (int draw = 0; draw < draws; draw++) {
      long left = items;
      long rest = items; // of the counts not yet looked at
      double sum = 0;
      for (int i = 0; i < values.length && left > 0; i++) {
        double share = (double) counts[i] / rest;
        long drawn =
            i == values.length - 1
                ? left
                : tables
                    .get(i)
                    .computeIfAbsent(left, n -> new Binomial(n, share).table())
                    .at(random.nextDouble());
        sum += drawn * values[i];
        left -= drawn;
        rest -= counts[i];
      }
      means[draw] = sum / items;
    }
    return means;
  }

  private double[] byItems(int draws, SplittableRandom random) {
    double[] all = new double[Math.toIntExact(items)];
    int filled = 0;
    for (int i = 0; i < values.length; i++) {
      Arrays.fill(all, filled, filled += (int) counts[i], values[i]);
    }
    double[] means = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      double sum = 0;
      for (int item = 0; item < all.length; item += 2) {
        long bits = random.nextLong(); // for two items
        sum += all[place(bits >>> 32, all.length)];
        sum += item + 1 < all.length ? all[place(bits & 0xFFFFFFFFL, all.length)] : 0;
      }
      means[draw] = sum / items;
    }
    return means;
  }

  /** The upper half of a product: without a division, and even to 1e-3 for a million places. */
  private static int place(long uniform32, int places) {
    return (int) (uniform32 * places >>> 32);
  }
}
