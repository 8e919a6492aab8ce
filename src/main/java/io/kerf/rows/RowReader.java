package io.kerf.rows;

import io.kerf.json.Json;
import java.io.Closeable;

/** Reads one file, row by row. */
interface RowReader extends Closeable {
  /**
   * The next row; null behind the last.
   *
   * @throws io.kerf.file.BadFileException if the file is damaged there
   */
  Json next();

  /** About how many bytes the row takes that was read last. */
  long sizeBytes();
}
