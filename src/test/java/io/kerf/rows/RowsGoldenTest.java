package io.kerf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Rows that pyarrow, pandas and datasets wrote are what Python reads of them. */
class RowsGoldenTest {
  static final Path FOLDER = Path.of("src/test/resources/rows");

  static List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
      assertFalse(found.isEmpty(), () -> "no file in " + FOLDER + " ends with " + ending);
      return found;
    }
  }

  @TestFactory
  Stream<DynamicTest> rowsAreThoseThatPythonReads() throws IOException {
    return files(".golden").stream().map(golden -> same(golden, ".golden", Reading.all()));
  }

  @TestFactory
  Stream<DynamicTest> typedColumnsAreThoseOfPandas() throws IOException {
    return files(".typed").stream().map(golden -> same(golden, ".typed", Reading.all().typed()));
  }

  private static DynamicTest same(Path golden, String ending, Reading reading) {
    String name = golden.getFileName().toString().replace(ending, "");
    return dynamicTest(
        name,
        () -> {
          Path file = golden.resolveSibling(name);
          List<String> expected = new ArrayList<>();
          List<String> seen = new ArrayList<>();
          for (Json row : Json.readLines(golden)) {
            expected.add(canonical(row));
          }
          Rows rows = DataSet.of(file).read(reading);
          rows.rows().forEach(row -> seen.add(canonical(row)));
          assertEquals(String.join("\n", expected), String.join("\n", seen));
          assertEquals(List.of(DataFile.of(file, expected.size())), rows.files());
        });
  }

  /** Numbers by value: 1.0 and 1 are one, as 1e10 and 10000000000 are. */
  private static String canonical(Json value) {
    if (value.isObject()) {
      StringBuilder text = new StringBuilder("{");
      value
          .fields()
          .forEach((n, v) -> text.append(n).append(": ").append(canonical(v)).append(' '));
      return text.append('}').toString();
    }
    if (value.isArray()) {
      return value.items().stream().map(RowsGoldenTest::canonical).toList().toString();
    }
    boolean whole = value.isNumber() && value.toString().matches("-?[0-9]+");
    return value.isNumber() && !whole
        ? new BigDecimal(value.number()).stripTrailingZeros().toPlainString()
        : value.toString();
  }
}
