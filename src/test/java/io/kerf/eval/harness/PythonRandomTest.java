package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PythonRandomTest {
  @Test
  void givesTheTwistersFirstNumbers() {
    // Of the reference implementation's init_by_array on one word, as Python seeds it.
    PythonRandom random = new PythonRandom(1234);
    assertEquals(List.of(7, 1, 0), random.sample(10, 3));
    assertEquals(List.of(1, 0, 9), random.sample(10, 3));
    assertEquals(List.of(1, 5, 3), random.sample(10, 3));
  }

  @Test
  void drawsAsPythonFromSmallAndLargePopulations() {
    PythonRandom random = new PythonRandom(1234);
    assertEquals(List.of(989, 796, 451, 119, 7), random.sample(1000, 5));
    assertEquals(List.of(92, 932, 965, 961, 826), random.sample(1000, 5));
    assertEquals(List.of(28, 7, 0, 5, 2, 36), new PythonRandom(1234).sample(40, 6));
    assertEquals(List.of(99, 56, 14, 0, 11, 74), new PythonRandom(1234).sample(100, 6));
    assertEquals(List.of(3, 4, 0, 1, 2), new PythonRandom(0).sample(5, 5));
    assertEquals(List.of(292, 243, 128, 64), new PythonRandom((1L << 40) + 7).sample(300, 4));
  }

  @Test
  void drawsNoPlaceTwiceAndNoneBeyond() {
    for (int population : new int[] {1, 7, 21, 22, 84, 85, 86, 1000}) {
      for (int count = 0; count <= Math.min(population, 20); count++) {
        List<Integer> drawn = new PythonRandom(population).sample(population, count);
        assertEquals(count, new HashSet<>(drawn).size());
        assertTrue(drawn.stream().allMatch(place -> place >= 0 && place < population));
      }
    }
  }

  @Test
  void refusesMoreThanThereAreAndNegativeSeeds() {
    assertEquals(
        "cannot draw 4 of 3 without repeating one",
        assertThrows(IllegalArgumentException.class, () -> new PythonRandom(1).sample(3, 4))
            .getMessage());
    assertEquals(
        "a seed must not be negative, was -1",
        assertThrows(IllegalArgumentException.class, () -> new PythonRandom(-1)).getMessage());
  }
}
