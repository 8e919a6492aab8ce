package io.kerf.eval.divergence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static float log(double p) {
    return (float) Math.log(p);
  }

  @Test
  void byHand() {
    Distribution dense = Distribution.of(log(0.5), log(0.25), log(0.25));
    Distribution cut = Distribution.of(log(0.25), log(0.5), log(0.25));
    double[] probabilities = dense.probabilities();
    assertEquals(1.5 * Math.log(2), dense.entropy(probabilities), 1e-7);
    assertEquals(0.25 * Math.log(2), dense.divergenceTo(cut, probabilities), 1e-7);
    assertEquals(0, dense.likeliest());
    assertEquals(1, cut.likeliest());
  }

  @Test
  void isNothingToItselfAndNeverNegativeAndKnowsNoShift() {
    Random random = new Random(11);
    for (int round = 0; round < 50; round++) {
      float[] a = new float[1 + random.nextInt(500)];
      float[] b = new float[a.length];
      float[] shifted = new float[a.length];
      for (int v = 0; v < a.length; v++) {
        a[v] = 20 * random.nextFloat();
        b[v] = 20 * random.nextFloat();
        shifted[v] = b[v] + 512; // exact in float32 to 6e-5
      }
      Distribution dense = Distribution.of(a);
      double[] p = dense.probabilities();
      assertEquals(0, dense.divergenceTo(Distribution.of(a), p), 0);
      double apart = dense.divergenceTo(Distribution.of(b), p);
      assertTrue(apart >= 0);
      assertEquals(apart, dense.divergenceTo(Distribution.of(shifted), p), 1e-4);
    }
  }

  @Test
  void whatHasNoProbabilityAddsNothing() {
    float none = Float.NEGATIVE_INFINITY;
    Distribution sure = Distribution.of(0, none, none);
    Distribution even = Distribution.of(0, 0, none);
    assertEquals(0, sure.entropy(sure.probabilities()), 0);
    assertEquals(Math.log(2), sure.divergenceTo(even, sure.probabilities()), 1e-12);
    assertEquals(
        Double.POSITIVE_INFINITY, even.divergenceTo(sure, even.probabilities()), "ruled out");
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    Distribution huge = Distribution.of(3e38f, -3e38f);
    assertEquals(1, huge.probabilities()[0], 0);
    assertEquals(0, huge.entropy(huge.probabilities()), 0);
  }
}
