package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResamplingTest {
  @Test
  void aValueThatDoesNotVaryHasNoWidth() {
    assertEquals(new Bounds(0.5, 0.5), Resampling.ofMean(new double[] {0.5, 0.5, 0.5}));
  }

  @Test
  void isAboutTwoStandardErrorsToEitherSideOfAMean() {
    double[] values = new Random(3).doubles(400).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / 399;
    double reach = 1.96 * Math.sqrt(variance / 400);
    Bounds found = Resampling.ofMean(values);
    assertEquals(mean - reach, found.low(), 0.15 * reach);
    assertEquals(mean + reach, found.high(), 0.15 * reach);
  }

  @Test
  void ofOneOrNoneNothingIsKnown() {
    assertEquals(Bounds.UNKNOWN, Resampling.ofMean(new double[] {1}));
    assertEquals(Bounds.UNKNOWN, Resampling.ofMean(new double[0]));
    assertTrue(Double.isNaN(Resampling.ofMean(new double[] {1, Double.NaN}).low()));
  }
}
