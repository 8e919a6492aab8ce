package io.kerf.train;

import io.kerf.engine.TrainingState;
import java.util.Map;
import java.util.Optional;

/** Placeholder until checkpoints are merged. */
final class RunFolder implements AutoCloseable {
  static RunFolder of(Keeping keeping, RunSettings settings) {
    return new RunFolder();
  }

  Optional<Checkpoint> latest(Map<String, String> settings) {
    return Optional.empty();
  }

  void write(TrainingState state, TrainingLog log) {}

  void finished() {}

  @Override
  public void close() {}
}
