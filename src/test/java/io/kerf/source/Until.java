package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;

/** Waits for what another thread or process does. */
final class Until {
  private Until() {}

  static void holds(String what, Callable<Boolean> condition) throws Exception {
    for (int i = 0; i < 1200 && !condition.call(); i++) {
      Thread.sleep(25);
    }
    assertTrue(condition.call(), "waited in vain until " + what);
  }
}
