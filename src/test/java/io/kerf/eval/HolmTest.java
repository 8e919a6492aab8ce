package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HolmTest {
  @Test
  void theSmallestCountsOnceForEveryTest() {
    // .005 * 4, .01 * 3, .03 * 2, .04 * 1 raised to .06
    assertArrayEquals(
        new double[] {0.03, 0.06, 0.06, 0.02},
        Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005}),
        1e-15);
  }

  @Test
  void agreesWithTheFormula() {
    for (Json c : GoldenStatistics.cases("holm")) {
      assertArrayEquals(
          c.at("adjusted").numbers(), Holm.adjust(c.at("p").numbers()), 1e-15, c.toString());
    }
  }

  @Test
  void neverLowersAPAndKeepsTheirOrder() {
    SplittableRandom random = new SplittableRandom(3);
    for (int run = 0; run < 200; run++) {
      double[] p = random.doubles(1 + run % 20).toArray();
      double[] adjusted = Holm.adjust(p);
      for (int i = 0; i < p.length; i++) {
        assertTrue(adjusted[i] >= p[i] && adjusted[i] <= 1);
        for (int j = 0; j < p.length; j++) {
          assertTrue(p[i] > p[j] || adjusted[i] <= adjusted[j]);
        }
      }
    }
  }

  @Test
  void whatWasNotTestedDoesNotCount() {
    assertArrayEquals(
        new double[] {Double.NaN, 0.02, 0.5}, Holm.adjust(new double[] {Double.NaN, 0.01, 0.5}));
  }
}
