package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RelativePositionsTest {
  /**
   * Eight buckets up to distance 16. A decoder has 4 exact ones, and for d of 4 and more 4 + 4
   * log(d / 4) / log(4): 4 to 5 have 4, 6 and 7 5, 8 to 11 6, all further ones 7. An encoder has
   * four each way, 2 exact ones, and for d of 2 and more 2 + 2 log(d / 2) / log(8): 2 to 5 have 2,
   * all further ones 3; keys behind the query have 4 more.
   */
  @Test
  void bucketsByHand() {
    var relative = new RelativePositions(8, 16);
    assertEquals(
        "0 1 2 3 4 4 5 5 6 6 6 6 7 7 7 7 7 7", row(relative, false, -1), "keys before the query");
    assertEquals("0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", row(relative, false, 1));
    assertEquals("0 1 2 2 2 2 3 3 3 3 3 3 3 3 3 3 3 3", row(relative, true, -1));
    assertEquals("0 5 6 6 6 6 7 7 7 7 7 7 7 7 7 7 7 7", row(relative, true, 1));
  }

  private static String row(RelativePositions relative, boolean bothWays, int sign) {
    return String.join(
        " ",
        IntStream.range(0, 18)
            .mapToObj(d -> String.valueOf(relative.bucket(sign * d, bothWays)))
            .toList());
  }

  @Test
  void bucketsGrowWithDistanceAndEndAtTheLast() {
    for (int buckets = 4; buckets <= 40; buckets++) {
      for (int max = buckets / 2 + 1; max <= 200; max += 13) {
        var relative = new RelativePositions(buckets, max);
        for (int d = 1; d < 300; d++) {
          assertTrue(relative.bucket(-d, false) >= relative.bucket(1 - d, false));
          assertTrue(relative.bucket(-d, true) >= relative.bucket(1 - d, true));
          assertEquals(
              relative.bucket(-d, true) + buckets / 2,
              relative.bucket(d, true),
              "the same for keys behind the query");
        }
        assertEquals(buckets - 1, relative.bucket(-max, false));
        assertEquals(buckets / 2 - 1, relative.bucket(-max, true));
      }
    }
  }
}
