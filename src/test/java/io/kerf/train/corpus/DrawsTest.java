package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
  /** Worked by the definition in Python. */
  @Test
  void numbersAreTheSameEverywhere() {
    Draws draws = new Draws(3, 5);
    int[] seen = IntStream.range(0, 8).map(i -> draws.below(10)).toArray();
    assertArrayEquals(new int[] {9, 3, 2, 6, 8, 8, 1, 4}, seen);
    assertEquals(0.2984115017308754, draws.fraction());
  }

  @Test
  void eachNumberBelowABoundIsAsLikely() {
    Draws draws = new Draws(1, 1);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[draws.below(7)]++;
    }
    for (int count : counts) {
      assertEquals(10_000, count, 400);
    }
  }

  @Test
  void eachSetIsAsLikely() {
    Draws draws = new Draws(2, 0);
    int[] counts = new int[10]; // the two that are chosen of five, as one number
    for (int i = 0; i < 50_000; i++) {
      boolean[] chosen = draws.among(5, 2);
      int first = chosen[0] ? 0 : chosen[1] ? 1 : chosen[2] ? 2 : 3;
      int last = chosen[4] ? 4 : chosen[3] ? 3 : chosen[2] ? 2 : 1;
      counts[last * (last - 1) / 2 + first]++;
    }
    for (int count : counts) {
      assertEquals(5_000, count, 300);
    }
  }

  @Test
  void allAndNoneMayBeChosen() {
    assertArrayEquals(new boolean[] {true, true, true}, new Draws(0, 0).among(3, 3));
    assertArrayEquals(new boolean[] {false, false}, new Draws(0, 0).among(2, 0));
    assertArrayEquals(new boolean[0], new Draws(0, 0).among(0, 0));
  }

  @Test
  void eachNumberOfASeedHasItsOwn() {
    assertNotEquals(new Draws(0, 0).fraction(), new Draws(0, 1).fraction());
    assertNotEquals(new Draws(0, 0).fraction(), new Draws(1, 0).fraction());
  }
}
