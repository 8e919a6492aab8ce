package io.kerf.rows;

import io.kerf.json.Json;
import io.kerf.rows.parquet.ParquetRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Rows of a Parquet file; errors name them "FILE, row 1" and so on. */
final class ParquetReader implements RowReader {
  private static final int VALUE_BYTES = 40; // an object and its place

  private final Path file;
  private final ParquetRows rows;
  private long number;
  private long sizeBytes;

  ParquetReader(Path file) {
    this.file = file;
    this.rows = ParquetRows.open(file);
  }

  @Override
  public Json next() {
    if (!rows.hasNext()) {
      return null;
    }
    Map<String, Object> row = rows.next();
    number++;
    sizeBytes = sizeBytes(row);
    return Json.of(row, file + ", row " + number);
  }

  private static long sizeBytes(Object value) {
    long size = VALUE_BYTES;
    if (value instanceof String text) {
      size += text.length();
    } else if (value instanceof List<?> list) {
      for (Object element : list) {
        size += sizeBytes(element);
      }
    } else if (value instanceof Map<?, ?> fields) {
      for (Object field : fields.values()) {
        size += sizeBytes(field);
      }
    }
    return size;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
