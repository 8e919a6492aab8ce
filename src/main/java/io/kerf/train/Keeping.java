package io.kerf.train;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a run's checkpoints are kept, and how often.
 *
 * @param folder of the user's; empty for one of Kerf's home, which is removed when the run ends
 * @param steps between two; 0 for some minutes
 * @param any whether there are any
 */
record Keeping(Optional<Path> folder, int steps, boolean any) {
  /** In Kerf's home, every few minutes. */
  static final Keeping USUAL = new Keeping(Optional.empty(), 0, true);

  static final Keeping NOTHING = new Keeping(Optional.empty(), 0, false);

  private static final double SECONDS = 120;

  Keeping in(Path where) {
    return new Keeping(Optional.of(where), steps, true);
  }

  Keeping every(int count) {
    return new Keeping(folder, count, true);
  }

  /** Whether one is due. */
  boolean due(int sinceSteps, double sinceSeconds) {
    return any && (steps > 0 ? sinceSteps >= steps : sinceSeconds >= SECONDS);
  }
}
