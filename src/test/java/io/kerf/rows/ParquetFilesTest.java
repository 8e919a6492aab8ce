package io.kerf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.file.BadFileException;
import io.kerf.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of Parquet files and of their rows. */
class ParquetFilesTest {
  private static final Path ARC = RowsGoldenTest.FOLDER.resolve("arc_none.parquet");

  @TempDir Path folder;

  private String refused(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("f.parquet"), bytes);
    String message =
        assertThrows(BadFileException.class, () -> DataSet.of(file).read()).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    return message.substring(file.toString().length());
  }

  private static byte[] arc() throws IOException {
    return Files.readAllBytes(ARC);
  }

  @Test
  void aFieldIsNamedByFileRowAndField() {
    Json row = DataSet.of(ARC).read().rows().get(2);
    String message =
        assertThrows(BadFileException.class, () -> row.at("choices").at("text").at(0).integer())
            .getMessage();
    assertTrue(
        message.startsWith(ARC + ", row 3: choices.text[0] must be a whole number, was \""),
        message);
  }

  @Test
  void whatIsNoParquetFileIsRefused() throws IOException {
    assertEquals(" has 3 bytes, a Parquet file has at least 12", refused(new byte[3]));
    assertEquals(
        " does not begin and end with PAR1: it is no Parquet file, or cut off; get it again",
        refused(new byte[40]));
    byte[] cut = Arrays.copyOf(arc(), arc().length / 2);
    assertTrue(refused(cut).contains("cut off; get it again"));
  }

  @Test
  void aFooterThatIsLongerThanItsFileIsRefused() throws IOException {
    byte[] bytes = arc();
    bytes[bytes.length - 5] = 0x7f;
    assertTrue(refused(bytes).matches(" has \\d+ bytes, and says that its footer has 213\\d+"));
  }

  @Test
  void anEncryptedFileIsRefused() throws IOException {
    byte[] bytes = arc();
    bytes[bytes.length - 1] = 'E';
    assertEquals(" is encrypted, which is not read: write it without", refused(bytes));
  }

  @Test
  void aCodecThatIsNotReadIsNamedWithThoseThatAre() throws IOException {
    byte[] brotli = Files.readAllBytes(RowsGoldenTest.FOLDER.resolve("refused_brotli.parquet"));
    assertEquals(
        ", row group 0, column id is compressed by BROTLI; read are SNAPPY, GZIP and ZSTD: write"
            + " the file again with one of them",
        refused(brotli));
  }

  @Test
  void aPageWhoseChecksumIsNotItsOwnIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(RowsGoldenTest.FOLDER.resolve("checksums.parquet"));
    bytes[60] ^= 1;
    String message = refused(bytes);
    assertTrue(message.contains(", column id, page at byte 4 has the checksum "), message);
    assertTrue(message.endsWith("; the file is damaged: get it again"), message);
  }

  @Test
  void theFirstRowsAreReadWithoutThoseBehindThem() throws IOException {
    byte[] bytes = Files.readAllBytes(RowsGoldenTest.FOLDER.resolve("groups.parquet"));
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 200, (byte) -1); // a later row group
    Path file = Files.write(folder.resolve("later.parquet"), bytes);
    Rows rows = DataSet.of(file).read(Reading.all().first(5));
    assertEquals(5, rows.rows().size());
    assertEquals(5, rows.files().get(0).rows());
    assertThrows(BadFileException.class, () -> DataSet.of(file).read());
  }

  @Test
  void aDictionaryPageIsBelievedAsFarAsItsBytesGo() throws IOException {
    byte[] bytes = arc();
    // In the first page's header: field 7, a structure, whose field 1 is how many values there are.
    int at = 0;
    while (bytes[at] != 0x4c || bytes[at + 1] != 0x15) {
      at++;
    }
    bytes[at + 2] = (byte) 0xfe;
    bytes[at + 3] = 0x7f; // 8191, over what stood there; the header's end moves, and so the rest
    String message = refused(bytes);
    assertTrue(message.contains("column id, page at byte 4 "), message);
  }

  @Test
  void severalFilesAreReadOneAfterTheOther() {
    Path zstd = RowsGoldenTest.FOLDER.resolve("arc_zstd.parquet");
    DataSet both = new DataSet(List.of(ARC, zstd), "both");
    long each = both.read().files().get(0).rows();
    Rows rows = both.read(Reading.all().first(each + 2));
    assertEquals(each + 2, rows.rows().size());
    assertEquals(List.of(each, 2L), rows.files().stream().map(DataFile::rows).toList());
    assertEquals(1, both.read(Reading.all().first(each)).files().size());
    assertEquals(0, both.read(Reading.all().first(0)).files().size());
  }
}
