package io.kerf.bench;

import java.util.ArrayList;
import java.util.List;

/** Repeated measurements of one thing, in the order in which they were taken. */
final class Samples {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  /** The middle value, or the mean of the two in the middle; NaN where there is none. */
  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    if (sorted.isEmpty()) {
      return Double.NaN;
    }
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** The smallest value; NaN where there is none. */
  double smallest() {
    return values.stream().mapToDouble(v -> v).min().orElse(Double.NaN);
  }

  /** The largest value; NaN where there is none. */
  double largest() {
    return values.stream().mapToDouble(v -> v).max().orElse(Double.NaN);
  }

  /** The median of another's values divided by these, each by that of the same round. */
  double timesFasterThan(Samples other) {
    Samples ratios = new Samples();
    for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
      ratios.add(other.values.get(i) / values.get(i));
    }
    return ratios.median();
  }

  /** Seconds that some work takes. */
  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }
}
