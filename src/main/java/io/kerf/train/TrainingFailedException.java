package io.kerf.train;

import java.nio.file.Path;
import java.util.Optional;

/** A loss or its gradient became NaN or infinite; the weights are those of the step before. */
public final class TrainingFailedException extends RuntimeException {
  private final int step;
  private final Optional<Path> checkpoint;

  TrainingFailedException(String message, int step, Optional<Path> checkpoint) {
    super(message);
    this.step = step;
    this.checkpoint = checkpoint;
  }

  /** The step that failed, counted from 1. */
  public int step() {
    return step;
  }

  /** The last good checkpoint, if one was written. */
  public Optional<Path> checkpoint() {
    return checkpoint;
  }
}
