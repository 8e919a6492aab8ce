package io.kerf.rows;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.kerf.json.Json;
import io.kerf.progress.Interrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rows of a file of separated fields; a field that holds a separator or a line's end is quoted. */
final class CsvReading implements RowReader {
  private static final int MAX_FIELD = 16 << 20;
  private static final int MAX_COLUMNS = 1 << 16;
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private final Path file;
  private final CsvReader<CsvRecord> in;
  private final Iterator<CsvRecord> records;
  private List<String> columns;
  private List<ColumnKind> kinds = List.of(); // empty where all fields are strings
  private long line; // where the last record began
  private long sizeBytes;

  private CsvReading(Path file, char separator, List<String> named) {
    this.file = file;
    this.in =
        CsvReader.builder()
            .fieldSeparator(separator)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // counted here, to name the line
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(MAX_FIELD)
            .ofCsvRecord(RowKind.text(file));
    this.records = in.iterator();
    this.columns = named;
  }

  /** Opens a file; where its fields are to be typed, all of them are looked at first. */
  static CsvReading open(Path file, char separator, Reading reading) {
    List<ColumnKind> kinds = List.of();
    if (reading.typedColumns()) {
      try (CsvReading first = begun(file, separator, reading.columns())) {
        kinds = Stream.generate(ColumnKind::new).limit(first.columns.size()).toList();
        for (CsvRecord next = first.record(); next != null; next = first.record()) {
          for (int i = 0; i < kinds.size(); i++) {
            kinds.get(i).see(next.getField(i));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
    CsvReading reader = begun(file, separator, reading.columns());
    reader.kinds = kinds;
    return reader;
  }

  private static CsvReading begun(Path file, char separator, List<String> named) {
    CsvReading reader = new CsvReading(file, separator, named);
    try {
      reader.readHeader();
      return reader;
    } catch (RuntimeException e) {
      try {
        reader.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private void readHeader() {
    if (!columns.isEmpty()) {
      return;
    }
    CsvRecord header = read();
    if (header == null) {
      throw new RowsException(file + " is empty, expected a line that names the columns");
    }
    List<String> names = header.getFields();
    if (names.get(0).startsWith(BYTE_ORDER_MARK)) {
      names = new ArrayList<>(names);
      names.set(0, names.get(0).substring(1));
    }
    if (names.size() > MAX_COLUMNS || new HashSet<>(names).size() < names.size()) {
      throw new RowsException(
          where()
              + " must name the columns, each once, was "
              + names
              + "; where the file has no header, name them: Reading.all().columns(...)");
    }
    columns = List.copyOf(names);
  }

  private String where() {
    return file + ":" + line;
  }

  private CsvRecord read() {
    try {
      CsvRecord next = records.hasNext() ? records.next() : null;
      line = next == null ? line : next.getStartingLineNumber();
      return next;
    } catch (CsvParseException e) {
      throw new RowsException(file + " is no CSV behind line " + line + ": " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw RowKind.unreadable(file, "behind line " + line, e.getCause());
    }
  }

  /** The next record, with as many fields as there are columns. */
  private CsvRecord record() {
    Interrupted.check("Reading " + file);
    CsvRecord next = read();
    if (next != null && next.getFieldCount() != columns.size()) {
      throw new RowsException(
          where()
              + " has "
              + next.getFieldCount()
              + " fields, the columns are "
              + columns.size()
              + ": "
              + String.join(", ", columns)
              + "; a field with a separator in it stands between quotes");
    }
    return next;
  }

  @Override
  public Json next() {
    CsvRecord next = record();
    if (next == null) {
      return null;
    }
    Map<String, Object> row = new LinkedHashMap<>();
    sizeBytes = 0;
    for (int i = 0; i < columns.size(); i++) {
      String field = next.getField(i);
      sizeBytes += field.length();
      row.put(columns.get(i), kinds.isEmpty() ? field : kinds.get(i).value(field));
    }
    return Json.of(row, where());
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
