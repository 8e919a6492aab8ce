package io.kerf.rows.parquet;

import io.kerf.file.BadFileException;

/** A Parquet file that is damaged, forged or written in a way that is not read. */
public final class ParquetException extends BadFileException {
  ParquetException(String message) {
    super(message);
  }

  ParquetException(String message, Throwable cause) {
    super(message, cause);
  }
}
