package io.kerf.rows;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The kinds of files that hold rows, told by how their names end; the best first. */
enum RowKind {
  PARQUET(".parquet", false),
  JSONL(".jsonl", true),
  NDJSON(".ndjson", true),
  JSON(".json", true),
  CSV(".csv", true),
  TSV(".tsv", true);

  private static final String ZIPPED = ".gz";

  private final String ending;
  private final boolean text; // and then may be zipped

  RowKind(String ending, boolean text) {
    this.ending = ending;
    this.text = text;
  }

  /** The kind of a file of that name, if it is one that holds rows. */
  static Optional<RowKind> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Stream.of(values())
        .filter(k -> lower.endsWith(k.ending) || k.text && lower.endsWith(k.ending + ZIPPED))
        .findFirst();
  }

  /** A name without what tells its kind. */
  String stem(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int ended = ending.length() + (lower.endsWith(ZIPPED) ? ZIPPED.length() : 0);
    return name.substring(0, name.length() - ended);
  }

  /** The endings that are understood, for messages. */
  static String understood() {
    List<String> endings = Stream.of(values()).map(kind -> kind.ending).toList();
    return String.join(", ", endings) + ", and all but the first with " + ZIPPED;
  }

  /**
   * Opens a file of rows.
   *
   * @throws io.kerf.file.BadFileException if it is not what its name says, or of no known kind
   */
  static RowReader open(Path file, Reading reading) {
    RowKind kind =
        of(file.getFileName().toString())
            .orElseThrow(
                () ->
                    new RowsException(
                        file + " is of no known kind; understood are " + understood()));
    return switch (kind) {
      case PARQUET -> new ParquetReader(file);
      case JSONL, NDJSON, JSON -> JsonReader.open(file, kind == JSON);
      case CSV -> CsvReading.open(file, ',', reading);
      case TSV -> CsvReading.open(file, '\t', reading);
    };
  }

  /** A file's text: UTF-8 and nothing else, unzipped where its name says that it is zipped. */
  static Reader text(Path file) {
    try {
      InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      try {
        if (isZipped(file)) {
          in = new GZIPInputStream(in, 1 << 16);
        }
        return new InputStreamReader(
            in,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
      } catch (IOException e) {
        in.close();
        throw unreadable(file, "at its beginning", e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static boolean isZipped(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ZIPPED);
  }

  /** What is said of a file whose bytes are no text, or not what was zipped. */
  static RowsException unreadable(Path file, String place, IOException e) {
    return new RowsException(
        file
            + " cannot be read as "
            + (isZipped(file) ? "zipped " : "")
            + "UTF-8 text "
            + place
            + ": "
            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
        e);
  }
}
