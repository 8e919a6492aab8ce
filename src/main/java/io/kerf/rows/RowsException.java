package io.kerf.rows;

import io.kerf.file.BadFileException;

/** A file of rows that is damaged, forged or of a kind not understood. */
public final class RowsException extends BadFileException {
  RowsException(String message) {
    super(message);
  }

  RowsException(String message, Throwable cause) {
    super(message, cause);
  }
}
