package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveProgressTest {
  private static final long MILLI = 1_000_000L;

  private final List<Pace> painted = new ArrayList<>();
  private long nanos = 5_000 * MILLI;

  private LiveProgress start(long total) {
    return new LiveProgress("work", total, "steps", () -> nanos, painted::add);
  }

  @Test
  void paintsAtOnceThenAtMostTenTimesASecondThenAtTheEnd() {
    LiveProgress progress = start(1000);
    for (int i = 0; i < 1000; i++) {
      nanos += MILLI;
      progress.advance(1);
    }
    progress.close();
    assertEquals(1 + 10 + 1, painted.size());
    assertEquals(0, painted.get(0).done());
    assertEquals(100, painted.get(1).done());
    assertEquals(1000, painted.get(11).done());
    assertTrue(painted.get(11).ended());
    assertEquals(1000 * MILLI, painted.get(11).elapsedNanos());
  }

  @Test
  void endsOnce() {
    LiveProgress progress = start(10);
    progress.close();
    progress.close();
    assertEquals(2, painted.size());
    assertFalse(painted.get(1).whole());
  }

  @Test
  void showsTheNote() {
    LiveProgress progress = start(10);
    nanos += 200 * MILLI;
    progress.note("layer 3");
    assertEquals("layer 3", painted.get(1).note());
  }

  @Test
  void anInterruptIsSetAsideWhilePaintingAndNeverLost() {
    List<Boolean> seen = new ArrayList<>();
    Thread.currentThread().interrupt();
    try (LiveProgress progress =
        new LiveProgress(
            "work",
            1,
            "steps",
            () -> nanos,
            pace -> seen.add(Thread.currentThread().isInterrupted()))) {
      progress.advance(1);
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(List.of(false, false), seen);
  }
}
