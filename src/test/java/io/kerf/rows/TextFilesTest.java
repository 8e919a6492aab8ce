package io.kerf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.file.BadFileException;
import io.kerf.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of JSON and CSV files and of their rows. */
class TextFilesTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String refused(String name, String text) throws IOException {
    return refused(name, text, Reading.all());
  }

  private String refused(String name, String text, Reading reading) throws IOException {
    Path file = file(name, text);
    String message =
        assertThrows(BadFileException.class, () -> DataSet.of(file).read(reading)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message.substring(file.toString().length());
  }

  private List<String> rows(String name, String text, Reading reading) throws IOException {
    return DataSet.of(file(name, text)).read(reading).rows().stream().map(Json::toString).toList();
  }

  @Test
  void aHeaderNamesTheColumns() throws IOException {
    String text = "\ufeffa,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n2,\r\n";
    Path file = file("a.csv", text);
    List<Json> rows = DataSet.of(file).read().rows();
    assertEquals(
        "[{\"a\":\"1\",\"b\":\"x, \\\"y\\\"\\nz\"}, {\"a\":\"2\",\"b\":\"\"}]", rows.toString());
    assertEquals(file + ":5: a", rows.get(1).at("a").where());
    assertEquals(
        file + ":2: a must be a whole number, was \"1\"",
        assertThrows(BadFileException.class, () -> rows.get(0).at("a").integer()).getMessage());
  }

  @Test
  void aFileWithoutAHeaderIsGivenItsColumns() throws IOException {
    assertEquals(
        List.of("{\"q\":\"one\",\"A\":\"1\"}", "{\"q\":\"two\",\"A\":\"2\"}"),
        rows("a.csv", "one,1\ntwo,2\n", Reading.all().columns("q", "A")));
  }

  @Test
  void typedColumnsAreWhatAllTheirFieldsLookLike() throws IOException {
    assertEquals(
        List.of(
            "{\"w\":1,\"g\":null,\"n\":1.0,\"b\":true,\"m\":\"1\"}",
            "{\"w\":-2,\"g\":3.0,\"n\":0.5,\"b\":false,\"m\":\"x\"}"),
        rows(
            "a.tsv",
            "w\tg\tn\tb\tm\n1\tNA\t1\tTrue\t1\n-2\t3\t.5\tfalse\tx\n",
            Reading.all().typed()));
  }

  @Test
  void aRowOfOtherLengthIsNamedByItsLine() throws IOException {
    assertEquals(
        ":4 has 3 fields, the columns are 2: a, b; a field with a separator in it stands between"
            + " quotes",
        refused("a.csv", "a,b\n\"1\n2\",3\n4,5,6\n"));
    assertTrue(refused("a.csv", "a,b\n4\n", Reading.all().typed()).startsWith(":2 has 1 fields"));
  }

  @Test
  void damagedCsvSaysBehindWhichLine() throws IOException {
    String message = refused("a.csv", "a,b\n1,2\n3,\"x\n");
    assertTrue(message.startsWith(" is no CSV behind line 2: Unclosed quoted field"), message);
    assertEquals(" is empty, expected a line that names the columns", refused("a.csv", ""));
    assertEquals(
        ":1 must name the columns, each once, was [a, a]; where the file has no header, name them:"
            + " Reading.all().columns(...)",
        refused("a.csv", "a,a\n1,2\n"));
  }

  @Test
  void linesAndArraysOfObjectsAreRows() throws IOException {
    List<String> expected = List.of("{\"a\":1}", "{\"a\":2}");
    for (String name : List.of("a.jsonl", "a.ndjson", "a.json")) {
      assertEquals(expected, rows(name, "\ufeff{\"a\": 1}\r\n\n  \n{\"a\": 2}", Reading.all()));
    }
    assertEquals(expected, rows("a.json", "\n [{\"a\": 1},\n {\"a\": 2}]\n", Reading.all()));
    assertEquals(List.of(), rows("a.jsonl", "\n", Reading.all()));
  }

  @Test
  void aLineIsNamedByItsNumber() throws IOException {
    assertTrue(
        refused("a.jsonl", "{\"a\": 1}\n\n{\"a\": \n").startsWith(":3 is not JSON at line 1"));
    assertEquals(":2 must be an object, was 5", refused("a.jsonl", "{\"a\": 1}\n5\n"));
    assertEquals(": [1] must be an object, was null", refused("a.json", "[{\"a\": 1}, null]"));
    assertTrue(refused("a.jsonl", "[1]").startsWith(":1 must be an object"));
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    for (String name : List.of("a.jsonl", "a.csv")) {
      Path file = folder.resolve(name);
      Files.write(file, "{\"a\": \"\u00e4\"}\n".getBytes(StandardCharsets.ISO_8859_1));
      String message =
          assertThrows(BadFileException.class, () -> DataSet.of(file).read()).getMessage();
      assertTrue(message.startsWith(file + " cannot be read as UTF-8 text "), message);
    }
  }

  @Test
  void whatIsNotZippedThoughItsNameSaysSoIsRefused() throws IOException {
    assertTrue(
        refused("a.jsonl.gz", "{\"a\": 1}\n")
            .startsWith(
                " cannot be read as zipped UTF-8 text at its beginning: Not in GZIP format"));
  }

  /** A file of a few kilobytes that becomes one line without end. */
  @Test
  void aLineWithoutEndIsRefused() throws IOException {
    Path file = folder.resolve("bomb.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      out.write('{');
      for (int i = 0; i < 65; i++) {
        out.write(spaces);
      }
    }
    assertEquals(
        file + ":1 is longer than 67108864 characters",
        assertThrows(BadFileException.class, () -> DataSet.of(file).read()).getMessage());
  }

  @Test
  void theFirstRowsAreReadWithoutThoseBehindThem() throws IOException {
    assertEquals(List.of("{\"a\":1}"), rows("a.jsonl", "{\"a\":1}\nno", Reading.all().first(1)));
  }

  @Test
  void rowsAreHandedOverOneByOne() throws IOException {
    Path file = file("a.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    StringBuilder seen = new StringBuilder();
    List<DataFile> files = DataSet.of(file).forEach(Reading.all(), row -> seen.append(row.at("a")));
    assertEquals("12", seen.toString());
    assertEquals(List.of(DataFile.of(file, 2)), files);
    try (RowIterator rows = DataSet.of(file).iterator(Reading.all())) {
      rows.next();
      rows.close();
      assertEquals(false, rows.hasNext());
      assertEquals(List.of(DataFile.of(file, 1)), rows.files());
    }
  }

  @Test
  void aFileOfNoKnownKindSaysWhichAreUnderstood() throws IOException {
    assertEquals(
        " is of no known kind; understood are .parquet, .jsonl, .ndjson, .json, .csv, .tsv, and all"
            + " but the first with .gz",
        refused("a.xlsx", "x"));
    assertEquals(
        "there is no file " + folder.resolve("b.csv") + " to read rows of",
        assertThrows(RowsException.class, () -> DataSet.of(folder.resolve("b.csv"))).getMessage());
    assertEquals(
        folder
            + " is a folder; name the split that is meant: DataSet.in(folder, \"\", \"validation\")",
        assertThrows(RowsException.class, () -> DataSet.of(folder)).getMessage());
  }

  @Test
  void aReadingIsChecked() {
    assertEquals(
        "first must be a number of rows, was -1",
        assertThrows(IllegalArgumentException.class, () -> Reading.all().first(-1)).getMessage());
    assertEquals(
        "columns must have different names, were [a, a]",
        assertThrows(IllegalArgumentException.class, () -> Reading.all().columns("a", "a"))
            .getMessage());
  }
}
