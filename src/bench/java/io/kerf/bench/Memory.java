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
