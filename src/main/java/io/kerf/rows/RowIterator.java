package io.kerf.rows;

import io.kerf.json.Json;
import io.kerf.progress.Interrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Rows one after the other, file after file; none is held but the next. Close it, or read it to its
 * end.
 */
public final class RowIterator implements Iterator<Json>, AutoCloseable {
  private final List<Path> files;
  private final Reading reading;
  private final List<Long> counts = new ArrayList<>(); // rows of each file that was begun
  private RowReader reader; // of the last of them; null before the first and at the end
  private Json next; // null where it is not read yet
  private long given;
  private boolean closed;
  private long sizeBytes; // of the next

  RowIterator(List<Path> files, Reading reading) {
    this.files = files;
    this.reading = reading;
  }

  @Override
  public boolean hasNext() {
    while (next == null && !closed && (reader != null || counts.size() < files.size())) {
      if (given == reading.first()) {
        close(); // what stands behind the rows that were asked for is not read
        return false;
      }
      Path file = files.get(reader == null ? counts.size() : counts.size() - 1);
      Interrupted.check("Reading " + file);
      try {
        if (reader == null) {
          reader = RowKind.open(file, reading);
          counts.add(0L);
        }
        next = reader.next();
      } catch (RuntimeException e) {
        close();
        throw e;
      } catch (OutOfMemoryError e) {
        close();
        throw new RowsException(
            file
                + ", row "
                + (counts.isEmpty() ? 1 : counts.get(counts.size() - 1) + 1)
                + " does not fit the memory that Java has; give it more by -Xmx",
            e);
      }
      if (next == null) {
        closeFile();
      } else {
        sizeBytes = reader.sizeBytes();
        counts.set(counts.size() - 1, counts.get(counts.size() - 1) + 1);
      }
    }
    return next != null;
  }

  @Override
  public Json next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + given + " rows are read");
    }
    Json row = next;
    next = null;
    given++;
    return row;
  }

  /** About how many bytes the row takes that comes next. */
  long nextBytes() {
    return sizeBytes;
  }

  /** The files that were read of so far, with how many rows; hashes them. */
  public List<DataFile> files() {
    List<DataFile> read = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      read.add(DataFile.of(files.get(i), counts.get(i)));
    }
    return read;
  }

  @Override
  public void close() {
    closed = true;
    closeFile();
  }

  private void closeFile() {
    if (reader != null) {
      RowReader last = reader;
      reader = null;
      try {
        last.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close a file: " + e.getMessage(), e);
      }
    }
  }
}
