package io.kerf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real evaluation data, in the folders and formats in which they came. */
@Tag("shared")
class SharedRowsTest {
  private static final Path HARNESS =
      Path.of(System.getProperty("kerf.shared", "../shared"), "data/harness");

  @Test
  void everyQuestionOfMmluHasFourChoicesAndALetter() throws IOException {
    Path mmlu = HARNESS.resolve("mmlu");
    assumeTrue(Files.isDirectory(mmlu), () -> mmlu + " is absent");
    Reading reading = Reading.all().columns("question", "A", "B", "C", "D", "answer");
    List<String> subjects;
    try (Stream<Path> files = Files.list(mmlu.resolve("test"))) {
      subjects = files.map(file -> file.getFileName().toString().replace("_test.csv", "")).toList();
    }
    for (String subject : subjects) {
      List<Json> rows = DataSet.in(mmlu, subject, "test").read(reading).rows();
      assertTrue(rows.size() >= 100, () -> subject + " has " + rows.size());
      for (Json row : rows) {
        assertTrue(row.at("answer").text().matches("[A-D]"), row.at("answer")::where);
        assertTrue(!row.at("question").text().isBlank(), row.at("question")::where);
      }
      assertEquals(5, DataSet.in(mmlu, subject, "dev").read(reading).rows().size(), subject);
    }
  }

  @Test
  void linesAreReadAsTheProjectReadsItsOwn() throws IOException {
    assumeTrue(Files.isDirectory(HARNESS), () -> HARNESS + " is absent");
    try (Stream<Path> files = Files.list(HARNESS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
        List<Json> expected = Json.readLines(file);
        List<Json> seen = DataSet.of(file).read().rows();
        assertEquals(expected.toString(), seen.toString(), file.toString());
        assertEquals(expected.get(2).where(), seen.get(2).where());
      }
    }
  }
}
