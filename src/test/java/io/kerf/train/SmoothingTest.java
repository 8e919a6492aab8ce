package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SmoothingTest {
  @Test
  void weighsThePastByTheDecayAndBeginsAtTheFirstValue() {
    Smoothing smoothing = new Smoothing(0.5);
    assertEquals(8, smoothing.next(8), 1e-12);
    assertEquals((4 * 1 + 8 * 0.5) / 1.5, smoothing.next(4), 1e-12);
    assertEquals((2 * 1 + 4 * 0.5 + 8 * 0.25) / 1.75, smoothing.next(2), 1e-12);
  }

  @Test
  void staysBetweenTheLowestAndTheHighestValue() {
    Random random = new Random(3);
    Smoothing smoothing = new Smoothing(Smoothing.USUAL_DECAY);
    for (int i = 0; i < 1000; i++) {
      double average = smoothing.next(2 + random.nextDouble());
      assertTrue(average >= 2 && average <= 3, "average " + average);
    }
  }

  @Test
  void whatIsNoNumberChangesNothing() {
    Smoothing smoothing = new Smoothing(0.9);
    assertTrue(Double.isNaN(smoothing.next(Double.NaN)));
    assertEquals(5, smoothing.next(5), 1e-12);
    assertEquals(5, smoothing.next(Double.POSITIVE_INFINITY), 1e-12);
  }

  @Test
  void refusesADecayThatForgetsNothing() {
    assertEquals(
        "decay must be in [0, 1), was 1.0; 0.9 is usual",
        assertThrows(IllegalArgumentException.class, () -> new Smoothing(1)).getMessage());
  }
}
