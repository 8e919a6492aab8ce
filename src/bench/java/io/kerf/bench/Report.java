package io.kerf.bench;

import io.kerf.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where results go: the terminal as they come, and a file of JSON where one is asked for. */
final class Report {
  private final List<Map<String, Object>> tables = new ArrayList<>();

  /** Prints a table and keeps it. */
  void add(Table table) {
    System.out.println("\n" + table);
    tables.add(table.toJson());
  }

  /** Says what is going on; no part of the results. */
  void say(String line) {
    System.err.println(line);
  }

  /** Writes all tables with their values in full. */
  void write(Path file) throws IOException {
    Files.writeString(file, Json.write(Map.of("tables", tables)) + "\n");
  }
}
