package io.kerf.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the calls that are inside libtorch, so that the JVM does not end under one: its exit
 * destroys what the native code still uses, and a kernel that is shut down would crash instead.
 */
final class NativeCalls {
  private static final long LONGEST_WAIT_NANOS = 10_000_000_000L;

  private static final AtomicInteger INSIDE = new AtomicInteger();
  private static volatile boolean ending;

  private NativeCalls() {}

  /** Before a call; {@link #leave} follows in a finally block. */
  static void enter() {
    INSIDE.incrementAndGet();
    if (ending) {
      INSIDE.decrementAndGet();
      throw new IllegalStateException("the JVM is shutting down");
    }
  }

  static void leave() {
    INSIDE.decrementAndGet();
  }

  /** Lets the calls under way return, for some seconds at most, and no further ones begin. */
  static void end() {
    ending = true;
    long start = System.nanoTime();
    while (INSIDE.get() > 0 && System.nanoTime() - start < LONGEST_WAIT_NANOS) {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
