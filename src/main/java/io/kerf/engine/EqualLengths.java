package io.kerf.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * How many sequences of equal length lie side by side, and their lengths: each such run attends in
 * one product.
 */
record EqualLengths(long[] counts, long[] lengths) {
  static EqualLengths of(int... sequences) {
    List<Long> counts = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    for (int length : sequences) {
      int last = counts.size() - 1;
      if (last >= 0 && lengths.get(last) == length) {
        counts.set(last, counts.get(last) + 1);
      } else {
        counts.add(1L);
        lengths.add((long) length);
      }
    }
    return new EqualLengths(longs(counts), longs(lengths));
  }

  private static long[] longs(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  /** As the pages' methods take them. */
  Object[] arguments() {
    return new Object[] {counts, lengths};
  }
}
