package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueryTimesTest {
  private long nanos;
  private final List<String> asked = new ArrayList<>();

  private QueryTimes measure(int warmUp, int queries, long seed, ProgressListener listener) {
    return QueryTimes.alternately(
        warmUp,
        queries,
        seed,
        q -> ask("d" + q, 2_000_000_000L + q),
        q -> ask("v" + q, 1_000_000_000L + q),
        () -> nanos,
        listener);
  }

  private void ask(String query, long takes) {
    asked.add(query);
    nanos += takes;
  }

  @Test
  void eachQueryIsTimedOnBothAndTheFirstOnesDoNotCount() {
    QueryTimes times = measure(2, 3, 1, ProgressListener.NONE);
    assertArrayEquals(new double[] {2 + 2e-9, 2 + 3e-9, 2 + 4e-9}, times.dense(), 1e-12);
    assertArrayEquals(new double[] {1 + 2e-9, 1 + 3e-9, 1 + 4e-9}, times.variant(), 1e-12);
    assertEquals(10, asked.size());
    for (int q = 0; q < 5; q++) {
      String query = Integer.toString(q);
      assertTrue(asked.subList(2 * q, 2 * q + 2).stream().allMatch(a -> a.endsWith(query)));
    }
  }

  @Test
  void chanceSaysWhichIsFirstAndTheSeedWhatChanceSays() {
    measure(0, 50, 1, ProgressListener.NONE);
    List<String> first = List.copyOf(asked);
    long denseFirst = IntStream.range(0, 50).filter(q -> first.get(2 * q).startsWith("d")).count();
    assertTrue(denseFirst > 10 && denseFirst < 40, "dense first: " + denseFirst);
    asked.clear();
    measure(0, 50, 1, ProgressListener.NONE);
    assertEquals(first, asked);
    asked.clear();
    measure(0, 50, 2, ProgressListener.NONE);
    assertNotEquals(first, asked);
  }

  @Test
  void anInterruptKeepsWholePairs() {
    ProgressListener stops =
        (label, total, unit) ->
            units -> {
              if (asked.size() == 7) {
                Thread.currentThread().interrupt();
              }
            };
    QueryTimes times = measure(1, 20, 1, stops);
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(2, times.pairs());
    assertEquals(20, times.asked());
  }

  @Test
  void anInterruptBeforeTwoPairsIsPassedOn() {
    ProgressListener stops = (label, total, unit) -> units -> Thread.currentThread().interrupt();
    assertEquals(
        "measuring side by side was interrupted",
        assertThrows(Interrupted.class, () -> measure(1, 20, 1, stops)).getMessage());
  }
}
