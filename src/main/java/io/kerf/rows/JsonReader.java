package io.kerf.rows;

import io.kerf.json.Json;
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
  private final Reader in;
  private final char[] piece = new char[1 << 16]; // of the text, read ahead
  private int at; // the next of its characters
  private int end;
  private final StringBuilder line = new StringBuilder();
  private Iterator<Json> array; // null where rows are lines
  private int number; // of the line
  private long sizeBytes;

  private JsonReader(Path file, Reader in) {
    this.file = file;
    this.in = in;
  }

  /**
   * @param mayBeArray whether an array is read, too; a file of lines must not be one
   */
  static JsonReader open(Path file, boolean mayBeArray) {
    JsonReader reader = new JsonReader(file, RowKind.text(file));
    try {
      if (reader.firstIs(BYTE_ORDER_MARK)) {
        reader.at++;
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
    for (; fill() && Character.isWhitespace(piece[at]); at++) {
      number += piece[at] == '\n' ? 1 : 0;
    }
    return fill() && piece[at] == wanted;
  }

  /** Whether there is a character to read. */
  private boolean fill() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(piece));
    }
    return at < end;
  }

  private void readArray() throws IOException {
    StringBuilder text = new StringBuilder();
    for (; fill(); at = end) {
      if (text.length() + end - at > MAX_DOCUMENT) {
        throw new RowsException(
            file
                + " is an array of more than "
                + MAX_DOCUMENT
                + " characters; write an object a line");
      }
      text.append(piece, at, end - at);
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
      boolean ended = false;
      boolean more = false;
      while (!ended && fill()) {
        int from = at;
        while (at < end && piece[at] != '\n') {
          at++;
        }
        more = true;
        ended = at < end;
        if (line.length() + at - from > MAX_LINE) {
          throw new RowsException(
              file + ":" + (number + 1) + " is longer than " + MAX_LINE + " characters");
        }
        line.append(piece, from, at - from);
        at += ended ? 1 : 0;
      }
      number++;
      if (!line.chars().allMatch(Character::isWhitespace)) {
        return true;
      }
      if (!more) {
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
