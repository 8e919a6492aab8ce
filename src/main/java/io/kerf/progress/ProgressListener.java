package io.kerf.progress;

/** Whoever wants to see long work under way. */
@FunctionalInterface
public interface ProgressListener {
  /** Sees nothing. */
  ProgressListener NONE = (label, total, unit) -> units -> {};

  /**
   * Long work begins.
   *
   * @param label what it is, short
   * @param total how many units in all; 0 where unknown
   * @param unit what a unit is: "requests", "bytes", "tokens"
   */
  Progress start(String label, long total, String unit);
}
