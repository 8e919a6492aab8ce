package io.kerf.eval.harness;

import io.kerf.json.Json;
import io.kerf.rows.DataSet;
import io.kerf.rows.Reading;
import io.kerf.template.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The rows of a file or of a data set, in Python's values. */
final class RowFile {
  private RowFile() {}

  /** All rows; numbers in a CSV file are numbers, as Python's datasets reads them. */
  static List<Row> read(DataSet data) {
    return data.read(Reading.all().typed()).rows().stream().map(RowFile::row).toList();
  }

  /**
   * The rows of a CSV file without a header, all strings.
   *
   * @param columns a name that comes several times is a list of those
   */
  static List<Row> read(Path file, List<String> columns) {
    String[] places =
        IntStream.range(0, columns.size()).mapToObj(String::valueOf).toArray(String[]::new);
    List<Row> rows = new ArrayList<>();
    for (Json json : DataSet.of(file).read(Reading.all().columns(places)).rows()) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < places.length; i++) {
        put(values, columns, i, json.at(places[i]).text());
      }
      rows.add(new Row(values, json.where()));
    }
    return rows;
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> values, List<String> columns, int i, String value) {
    String name = columns.get(i);
    if (columns.indexOf(name) == columns.lastIndexOf(name)) {
      values.put(name, value);
    } else {
      ((List<Object>) values.computeIfAbsent(name, n -> new ArrayList<>())).add(value);
    }
  }

  private static Row row(Json json) {
    return new Row((Map<?, ?>) Values.of(json), json.where());
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
