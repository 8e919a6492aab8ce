package io.kerf.rows;

import io.kerf.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Iterator;

/** Rows as JSON: an object a line, or one array of objects. */
final class JsonReader implements RowReader {
  private static final int MAX_LINE = 64 << 20; // as long as a string may be
  private static final int MAX_DOCUMENT = 256 << 20; // held in memory, as other documents
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final Path file;
  private final BufferedReader in;
  private final StringBuilder line = new StringBuilder();
  private Iterator<Json> array; // null where rows are lines
  private int number; // of the line
  private long sizeBytes;

  private JsonReader(Path file, Reader in) {
    this.file = file;
    this.in = new BufferedReader(in, 1 << 16);
  }

  /**
   * @param mayBeArray whether an array is read, too; a file of lines must not be one
   */
  static JsonReader open(Path file, boolean mayBeArray) {
    JsonReader reader = new JsonReader(file, RowKind.text(file));
    try {
      if (reader.firstIs(BYTE_ORDER_MARK)) {
        reader.in.skip(1);
      }
      if (mayBeArray && reader.firstIs('[')) {
        reader.readArray();
      }
      return reader;
    } catch (IOException e) {
      throw reader.failed(RowKind.unreadable(file, "at its beginning", e));
    } catch (RuntimeException e) {
      throw reader.failed(e);
    }
  }

  private RuntimeException failed(RuntimeException e) {
    try {
      in.close();
    } catch (IOException closing) {
      e.addSuppressed(closing);
    }
    return e;
  }

  /** Whether the next character that is no space is that one, which is not read. */
  private boolean firstIs(char wanted) throws IOException {
    while (true) {
      in.mark(1);
      int next = in.read();
      if (next < 0 || !Character.isWhitespace(next)) {
        in.reset();
        return next == wanted;
      }
      number += next == '\n' ? 1 : 0;
    }
  }

  private void readArray() throws IOException {
    char[] piece = new char[1 << 16];
    StringBuilder text = new StringBuilder();
    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
      if (text.length() + n > MAX_DOCUMENT) {
        throw new RowsException(
            file
                + " is an array of more than "
                + MAX_DOCUMENT
                + " characters; write an object a line");
      }
      text.append(piece, 0, n);
    }
    array = Json.parse(text.toString(), file.toString()).items().iterator();
  }

  @Override
  public Json next() {
    try {
      Json row;
      if (array != null) {
        row = array.hasNext() ? array.next() : null;
      } else {
        row = readLine() ? Json.parse(line.toString(), file + ":" + number) : null;
        sizeBytes = line.length();
      }
      if (row != null) {
        row.fields(); // says so if it is not an object
      }
      return row;
    } catch (IOException e) {
      throw RowKind.unreadable(file, "after line " + number, e);
    }
  }

  /** Reads the next line that is not blank. */
  private boolean readLine() throws IOException {
    while (true) {
      line.setLength(0);
      int next = in.read();
      for (; next >= 0 && next != '\n'; next = in.read()) {
        if (line.length() == MAX_LINE) {
          throw new RowsException(
              file + ":" + (number + 1) + " is longer than " + MAX_LINE + " characters");
        }
        line.append((char) next);
      }
      number++;
      if (!line.chars().allMatch(Character::isWhitespace)) {
        return true;
      }
      if (next < 0) {
        return false;
      }
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
