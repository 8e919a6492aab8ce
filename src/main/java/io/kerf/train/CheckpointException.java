package io.kerf.train;

import io.kerf.file.BadFileException;

/** A checkpoint that is damaged, forged or of another version. */
public final class CheckpointException extends BadFileException {
  CheckpointException(String message) {
    super(message);
  }
}
