package io.kerf.report;

/**
 * Runs what must not be interrupted half-way: an interrupt is set aside, because an interrupted
 * thread that writes to the kernel's channel would close it, and is set again after.
 */
final class Undisturbed {
  private Undisturbed() {}

  static void run(Runnable painting) {
    boolean interrupted = Thread.interrupted();
    try {
      painting.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
