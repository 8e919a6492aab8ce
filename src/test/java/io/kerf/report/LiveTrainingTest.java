package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.train.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveTrainingTest {
  private static final long MILLI = 1_000_000L;

  private long nanos = Long.MAX_VALUE - 5_000 * MILLI; // such clocks wrap round
  private final List<TrainingView> painted = new ArrayList<>();

  /** A screen on which painting takes so long. */
  private LiveTraining start(long paintNanos) {
    return new LiveTraining(
        "cut",
        1000,
        100_000,
        () -> nanos,
        LiveTraining.LEAST_NANOS,
        view -> {
          painted.add(view);
          nanos += paintNanos;
        });
  }

  private void train(LiveTraining live, int steps, long stepNanos) {
    for (int i = 1; i <= steps; i++) {
      nanos += stepNanos;
      live.step(new TrainingStep(i, 100L * i, 3, 1e-3, 1, stepNanos * 1e-9));
    }
  }

  @Test
  void paintsAtOnceAfterTheFirstStepAndThenOnceASecond() {
    LiveTraining live = start(0);
    train(live, 1000, 10 * MILLI);
    live.close();
    assertEquals(1 + 10 + 1, painted.size());
    assertEquals(List.of(), painted.get(0).done());
    assertEquals(1, painted.get(1).done().size());
    assertEquals(101, painted.get(2).done().size());
    assertEquals(1000, painted.get(11).done().size());
    assertTrue(painted.get(11).ended());
  }

  @Test
  void paintingTakesNoMoreThanAHundredth() {
    LiveTraining live = start(50 * MILLI);
    train(live, 2000, 10 * MILLI); // 20 seconds
    assertTrue(painted.size() <= 2 + 20 / 5, "painted " + painted.size());
    assertFalse(painted.size() < 5, "painted " + painted.size());
  }

  @Test
  void slowStepsAreSeenOneByOne() {
    train(start(50 * MILLI), 10, 8000 * MILLI);
    assertEquals(1 + 10, painted.size());
  }

  @Test
  void endsOnce() {
    LiveTraining live = start(0);
    live.close();
    live.close();
    assertEquals(2, painted.size());
  }

  @Test
  void anInterruptIsSetAsideWhilePaintingAndNeverLost() {
    List<Boolean> seen = new ArrayList<>();
    Thread.currentThread().interrupt();
    try (LiveTraining live =
        new LiveTraining(
            "cut",
            1,
            1,
            () -> nanos,
            1,
            view -> seen.add(Thread.currentThread().isInterrupted()))) {
      live.step(new TrainingStep(1, 1, 3, 1e-3, 1, 1));
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(List.of(false, false, false), seen);
  }
}
