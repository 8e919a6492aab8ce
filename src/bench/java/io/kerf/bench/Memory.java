package io.kerf.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of this process in bytes, where Linux tells; NaN elsewhere. */
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Memory() {}

  /** What is resident now and is not a file's pages, after the garbage collector has run. */
  static double anonymousBytes() {
    System.gc();
    return field("RssAnon:");
  }

  /** What is resident now, after the garbage collector has run. */
  static double residentBytes() {
    System.gc();
    return field("VmRSS:");
  }

  /** The most that was resident since {@link #forgetPeak}. */
  static double peakBytes() {
    return field("VmHWM:");
  }

  /** Begins a new peak. */
  static void forgetPeak() {
    System.gc();
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException e) {
      // Not Linux: there is no peak to forget, and none will be told.
    }
  }

  /** Looks now and then how much is resident that is no file's pages, until it is closed. */
  static final class Watch implements AutoCloseable {
    private static final int INTERVAL_MILLIS = 20;

    private final Thread thread = new Thread(this::look, "memory watch");
    private volatile double mostBytes;

    Watch() {
      thread.setDaemon(true);
      thread.start();
    }

    private void look() {
      while (!Thread.currentThread().isInterrupted()) {
        mostBytes = Math.max(mostBytes, field("RssAnon:"));
        try {
          Thread.sleep(INTERVAL_MILLIS);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    double mostBytes() {
      return mostBytes;
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  private static double field(String name) {
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
