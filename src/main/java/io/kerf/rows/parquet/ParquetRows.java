package io.kerf.rows.parquet;

import io.kerf.rows.parquet.Footer.Group;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The rows of a Parquet file, one after the other: maps of field to value, whose values are
 * strings, numbers, booleans, null, lists and maps.
 *
 * <p>Of each column one page is held at a time, so that memory does not grow with the file.
 */
public final class ParquetRows implements Iterator<Map<String, Object>>, Closeable {
  private static final int MAX_ELEMENTS = 1 << 22; // of lists in a row: runs may stand for billions

  private final FileChannel file;
  private final String where;
  private final Footer footer;
  private int nextGroup;
  private List<Column> columns = List.of();
  private long leftInGroup;
  private long row; // how many were read
  private int elements; // of the row's lists

  private ParquetRows(FileChannel file, String where) throws IOException {
    this.file = file;
    this.where = where;
    this.footer = Footer.read(file, where);
  }

  /**
   * Opens a file and reads what it says of itself.
   *
   * @throws ParquetException if it is no Parquet file, is damaged, or holds what is not read
   */
  public static ParquetRows open(Path path) {
    FileChannel file = null;
    try {
      file = FileChannel.open(path, StandardOpenOption.READ);
      return new ParquetRows(file, path.toString());
    } catch (Cursor.Ended e) {
      close(file, e);
      throw new ParquetException(path + " " + e.getMessage() + ": it changes while it is read", e);
    } catch (IOException | RuntimeException e) {
      close(file, e);
      throw e instanceof RuntimeException unchecked
          ? unchecked
          : new UncheckedIOException(
              "cannot read " + path + ": " + e.getMessage(), (IOException) e);
    }
  }

  private static void close(FileChannel file, Exception failure) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** How many rows the file says it has. */
  public long count() {
    return footer.rows();
  }

  @Override
  public boolean hasNext() {
    while (leftInGroup == 0) {
      for (Column column : columns) {
        if (!column.ended()) {
          throw new ParquetException(
              where + ", row " + row + ": a column goes on behind its row group");
        }
      }
      if (nextGroup == footer.groups().size()) {
        return false;
      }
      begin(footer.groups().get(nextGroup++));
    }
    return true;
  }

  private void begin(Group group) {
    columns = List.of(); // the pages of the last group are free
    leftInGroup = group.rows();
    List<Column> begun = new ArrayList<>();
    if (leftInGroup > 0) {
      group.chunks().forEach(chunk -> begun.add(new Column(file, chunk)));
    }
    columns = begun;
  }

  @Override
  public Map<String, Object> next() {
    if (!hasNext()) {
      throw new NoSuchElementException(where + " has " + row + " rows");
    }
    leftInGroup--;
    row++;
    elements = 0;
    return struct(footer.root(), 0);
  }

  /**
   * A field's value.
   *
   * @param repetition the level at which its first leaf begins
   */
  private Object value(Field field, int repetition) {
    if (field.optional() && first(field).definition() < field.definition()) {
      return nothing(field, repetition);
    }
    return switch (field.kind()) {
      case LEAF -> first(field).take(repetition);
      case STRUCT -> struct(field, repetition);
      case LIST -> list(field, repetition);
    };
  }

  private Column first(Field field) {
    return columns.get(field.firstLeaf());
  }

  private Map<String, Object> struct(Field field, int repetition) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field child : field.fields()) {
      values.put(child.name(), value(child, repetition));
    }
    return values;
  }

  private List<Object> list(Field field, int repetition) {
    List<Object> values = new ArrayList<>();
    if (first(field).definition() <= field.definition()) { // there, and empty
      nothing(field, repetition);
      return values;
    }
    Field element = field.fields().get(0);
    int level = repetition;
    do {
      if (++elements > MAX_ELEMENTS) {
        throw new ParquetException(
            where + ", row " + row + " has lists of more than " + MAX_ELEMENTS + " elements");
      }
      values.add(value(element, level));
      level = field.repetition();
    } while (first(field).repetition() == level);
    return values;
  }

  /** Passes over what stands in every column of a field for that it is null or empty. */
  private Object nothing(Field field, int repetition) {
    for (int leaf = field.firstLeaf(); leaf < field.firstLeaf() + field.leaves(); leaf++) {
      columns.get(leaf).take(repetition);
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
