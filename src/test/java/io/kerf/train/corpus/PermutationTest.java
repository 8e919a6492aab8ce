package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
  private static long[] order(long size, long seed, long number) {
    Permutation permutation = new Permutation(size, seed, number);
    return LongStream.range(0, size).map(permutation::at).toArray();
  }

  @Test
  void everyNumberStandsAtOnePlace() {
    for (int size : new int[] {1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 4096, 4097}) {
      long[] sorted = order(size, 7, 3);
      Arrays.sort(sorted);
      assertArrayEquals(LongStream.range(0, size).toArray(), sorted, "of " + size);
    }
  }

  /** Worked by the definition in Python, so that no machine or Java has another. */
  @Test
  void theOrderIsTheSameEverywhere() {
    assertArrayEquals(EXPECTED_0, order(10, 0, 0));
    assertArrayEquals(EXPECTED_1, order(10, 0, 1));
    assertEquals(EXPECTED_LARGE, new Permutation(3_000_000_000L, -5, 2).at(2_999_999_999L));
  }

  private static final long[] EXPECTED_0 = {5, 1, 8, 4, 0, 9, 7, 3, 2, 6};
  private static final long[] EXPECTED_1 = {9, 7, 3, 1, 6, 2, 8, 4, 5, 0};
  private static final long EXPECTED_LARGE = 964981860L;

  @Test
  void ordersDifferBySeedAndNumber() {
    long[] first = order(1000, 1, 0);
    assertTrue(agreeing(first, order(1000, 1, 1)) < 20);
    assertTrue(agreeing(first, order(1000, 2, 0)) < 20);
    assertTrue(agreeing(first, LongStream.range(0, 1000).toArray()) < 20);
  }

  private static int agreeing(long[] a, long[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return same;
  }

  /** Neighbours are sent as far apart as in a drawn order: a third of the size on average. */
  @Test
  void neighboursArePartedAsByChance() {
    int size = 10_000;
    long[] order = order(size, 4, 0);
    double sum = 0;
    for (int i = 1; i < size; i++) {
      sum += Math.abs(order[i] - order[i - 1]);
    }
    assertEquals(size / 3.0, sum / (size - 1), size * 0.02);
  }

  @Test
  void anEmptyOrderIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Permutation(0, 0, 0));
    assertEquals("an order needs at least one number, had 0", e.getMessage());
  }
}
