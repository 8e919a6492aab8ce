package io.kerf.eval.harness;

import io.kerf.json.Json;
import io.kerf.template.Values;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a file. */
final class RowFile {
  private RowFile() {}

  /**
   * The rows of JSON lines, or of a CSV file.
   *
   * @param columns of a CSV file without header, empty where it has one; a name that comes several
   *     times is a list of those
   */
  static List<Row> read(Path file, List<String> columns) {
    if (!file.toString().endsWith(".csv")) {
      return Json.readLines(file).stream()
          .map(json -> new Row((Map<?, ?>) Values.of(json), shortened(json.where(), file)))
          .toList();
    }
    List<List<String>> records = new Csv(text(file), file.toString()).records();
    List<String> names = columns.isEmpty() ? records.remove(0) : columns;
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      rows.add(new Row(named(names, records.get(i), file, i), file.getFileName() + ":" + (i + 1)));
    }
    return rows;
  }

  private static String shortened(String where, Path file) {
    return where.replace(file.toString(), file.getFileName().toString());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> named(
      List<String> names, List<String> record, Path file, int index) {
    if (record.size() != names.size()) {
      throw new IllegalArgumentException(
          file + ", row " + (index + 1) + " has " + record.size() + " values for " + names);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (names.indexOf(name) == names.lastIndexOf(name)) {
        values.put(name, record.get(i));
      } else {
        ((List<Object>) values.computeIfAbsent(name, n -> new ArrayList<>())).add(record.get(i));
      }
    }
    return values;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
