package io.kerf.eval;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Correction for looking many times (Holm 1979): of all tests whose adjusted p is below a level,
 * the chance that even one is false is below it.
 */
public final class Holm {
  private Holm() {}

  /**
   * Each p times the number of those not smaller, never less than a smaller one's, 1 at most. NaN,
   * where nothing was tested, stays and does not count.
   */
  public static double[] adjust(double[] p) {
    double[] adjusted = p.clone();
    List<Integer> rising =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .toList();
    double least = 0;
    for (int rank = 0; rank < rising.size(); rank++) {
      int i = rising.get(rank);
      least = Math.max(least, Math.min(1, p[i] * (rising.size() - rank)));
      adjusted[i] = least;
    }
    return adjusted;
  }
}
