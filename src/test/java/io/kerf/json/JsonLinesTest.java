package io.kerf.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  @TempDir Path folder;

  private Path rows(String text) throws Exception {
    return Files.writeString(folder.resolve("rows.jsonl"), text);
  }

  @Test
  void readsARowALineAndSkipsBlankLines() throws Exception {
    List<Json> rows = Json.readLines(rows("{\"a\": 1}\n\n  \r\n{\"a\": 2}"));
    assertEquals(List.of(1, 2), rows.stream().map(row -> row.at("a").integer()).toList());
  }

  @Test
  void namesTheFileTheLineAndTheField() throws Exception {
    Path file = rows("{\"a\": 1}\n\n{\"a\": \"x\"}\n");
    Json last = Json.readLines(file).get(1);
    assertEquals(
        file + ":3: a must be a whole number, was \"x\"",
        assertThrows(JsonException.class, () -> last.at("a").integer()).getMessage());
  }

  @Test
  void refusesALineThatIsNotJson() throws Exception {
    Path file = rows("{\"a\": 1}\n{\"a\": \n");
    String message = assertThrows(JsonException.class, () -> Json.readLines(file)).getMessage();
    assertTrue(message.startsWith(file + ":2 is not JSON"), message);
  }

  @Test
  void refusesBytesThatAreNotUtf8() throws Exception {
    Path file =
        Files.write(
            folder.resolve("rows.jsonl"),
            "{\"a\": \"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1));
    String message = assertThrows(JsonException.class, () -> Json.readLines(file)).getMessage();
    assertTrue(message.startsWith(file + " cannot be read as UTF-8 text after line 0: "), message);
  }

  @Test
  void refusesAFileThatMemoryCannotHold() throws Exception {
    Path file = folder.resolve("rows.jsonl");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((1L << 30) + 1);
    }
    assertEquals(
        file + " has 1073741825 bytes, rows are read up to 1073741824; split the file",
        assertThrows(JsonException.class, () -> Json.readLines(file)).getMessage());
  }
}
