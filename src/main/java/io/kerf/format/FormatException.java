package io.kerf.format;

import io.kerf.file.BadFileException;

/**
 * A file of weights or of a model's vocabulary or configuration that is damaged, forged or of a
 * kind not understood.
 */
public final class FormatException extends BadFileException {
  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
