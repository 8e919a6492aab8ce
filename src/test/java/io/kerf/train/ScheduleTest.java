package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void risesEvenlyAndFallsAsHalfACosineWave() {
    Schedule schedule = new Schedule(1e-3, 2, 6, 0.1);
    assertEquals(0.5e-3, schedule.at(0), 1e-15);
    assertEquals(1e-3, schedule.at(1), 1e-15);
    assertEquals(1e-3, schedule.at(2), 1e-15);
    // Half way: 0.1 + 0.9 / 2.
    assertEquals(0.55e-3, schedule.at(4), 1e-15);
    assertEquals(1e-3 * (0.1 + 0.9 * (1 - Math.sqrt(0.5)) / 2), schedule.at(5), 1e-15);
  }

  @Test
  void aFloorOfOneKeepsItConstant() {
    Schedule schedule = new Schedule(2e-4, 0, 100, 1);
    assertEquals(2e-4, schedule.at(0));
    assertEquals(2e-4, schedule.at(99));
  }

  @Test
  void aWarmUpLongerThanTheRunIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new Schedule(1e-3, 7, 6, 0.1));
    assertEquals("warm-up must be in [0, 6], the steps of the run, was 7", refused.getMessage());
  }
}
