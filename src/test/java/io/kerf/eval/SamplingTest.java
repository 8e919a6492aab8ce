package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplingTest {
  private final List<Integer> rows = IntStream.range(0, 50).boxed().toList();

  @Test
  void takesTheFirstRowsOrAll() {
    assertEquals(List.of(0, 1, 2), Sampling.first(3).of(rows));
    assertEquals(rows, Sampling.first(100).of(rows));
    assertEquals(rows, Sampling.all().of(rows));
  }

  @Test
  void drawsTheSameRowsBySeedInTheirOrder() {
    List<Integer> drawn = Sampling.drawn(10, 7).of(rows);
    assertEquals(10, drawn.stream().distinct().count());
    assertEquals(drawn.stream().sorted().toList(), drawn);
    assertEquals(drawn, Sampling.drawn(10, 7).of(rows));
    assertNotEquals(drawn, Sampling.drawn(10, 8).of(rows));
  }

  @Test
  void needsARow() {
    var error = assertThrows(IllegalArgumentException.class, () -> Sampling.first(0));
    assertEquals("a sample needs at least 1 row, was 0", error.getMessage());
  }
}
