package io.kerf.format;

import static io.kerf.format.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipArchiveTest {
  private static final String AGAIN = "; the file is truncated or damaged: get it again";
  private static final byte[] TEXT = "kerf".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void findsAnEntryStoredInAnArchiveStoredInAnArchive() throws IOException {
    byte[] inner = SampleFiles.storedZip(Map.of("assets/vocab.txt", TEXT));
    Path jar = write(SampleFiles.storedZip(Map.of("model.zip", inner)));
    ZipArchive outer = ZipArchive.open(jar);
    ZipArchive nested = ZipArchive.of(outer.stored("model.zip"));
    FileRegion vocabulary = nested.stored("assets/vocab.txt");
    assertEquals(List.of("assets/vocab.txt"), List.copyOf(nested.names()));
    assertEquals("a.jar!model.zip!assets/vocab.txt", vocabulary.name());
    assertArrayEquals(TEXT, vocabulary.bytes("text", 100));
    byte[] whole = Files.readAllBytes(jar);
    int from = (int) vocabulary.offset();
    assertArrayEquals(TEXT, Arrays.copyOfRange(whole, from, from + (int) vocabulary.length()));
  }

  @Test
  void readsTheSixtyFourBitFields() throws IOException {
    Path file = write(zip64());
    assertArrayEquals(TEXT, ZipArchive.open(file).stored("a").bytes("text", 100));
  }

  /** One entry whose sizes and offset stand in its ZIP64 field, and a ZIP64 end record. */
  private static byte[] zip64() {
    LittleEndian out = new LittleEndian();
    out.int32(0x04034b50).bytes(new byte[22]).int16(1).int16(0).text("a").bytes(TEXT);
    int directory = out.size();
    out.int32(0x02014b50).bytes(new byte[16]).int32(-1).int32(-1).int16(1).int16(28 + 5);
    out.bytes(new byte[10]).int32(-1).text("a");
    out.int16(99).int16(1).int8(0); // a field of another kind before it
    out.int16(1).int16(24).int64(TEXT.length).int64(TEXT.length).int64(0);
    int end64 = out.size();
    out.int32(0x06064b50).int64(44).bytes(new byte[12]).int64(1).int64(1);
    out.int64(end64 - directory).int64(directory);
    out.int32(0x07064b50).int32(0).int64(end64).int32(1);
    return out.int32(0x06054b50)
        .int32(0)
        .int16(-1)
        .int16(-1)
        .int32(-1)
        .int32(-1)
        .int16(0)
        .toBytes();
  }

  @Test
  void refusesWhatIsCompressed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("a"));
      zip.write(new byte[1000]);
    }
    ZipArchive archive = ZipArchive.open(write(out.toByteArray()));
    assertFalse(archive.isStored("a"));
    assertRefused(
        "a.jar: entry 'a' is compressed (method 8); extract it first", () -> archive.stored("a"));
  }

  @Test
  void refusesDamagedArchives() throws IOException {
    byte[] valid = SampleFiles.storedZip(Map.of("a", TEXT));
    ZipArchive archive = ZipArchive.open(write(valid));
    assertTrue(archive.isStored("a"));
    assertFalse(archive.isStored("b"));
    assertRefused("a.jar: has no entry 'b'" + AGAIN, () -> archive.stored("b"));
    byte[] cut = Arrays.copyOf(valid, valid.length - 1);
    assertRefused("a.jar: has no end record of a ZIP archive" + AGAIN, () -> open(cut));
    byte[] counted = valid.clone();
    counted[valid.length - 12] = 9;
    String few = "a.jar: number of entries is 9, more than the remaining 47 bytes can hold";
    assertRefused(few + AGAIN, () -> open(counted));
    byte[] placed = valid.clone();
    placed[valid.length - 6] = 120;
    assertRefused(
        "a.jar: central directory is 47 bytes from 120, past the end of 104 bytes" + AGAIN,
        () -> open(placed));
    byte[] signed = valid.clone();
    signed[0] = 0;
    assertRefused(
        "a.jar: entry 'a' header signature is 0x04034b00 instead of 0x04034b50" + AGAIN,
        () -> open(signed).stored("a"));
  }

  @Test
  void readsAnEntryWhoseSizesStandBehindIt() throws IOException {
    LittleEndian out = new LittleEndian();
    out.int32(0x04034b50).int16(20).int16(8).bytes(new byte[18]).int16(1).int16(0);
    out.text("a").bytes(TEXT).int32(0x08074b50).int32(0).int32(4).int32(4);
    int directory = out.size();
    entry(out, "a", 8, 4, 0);
    byte[] bytes = end(out, directory, 1);
    assertArrayEquals(TEXT, open(bytes).stored("a").bytes("text", 100));
  }

  @Test
  void refusesEntriesThatShareBytes() throws IOException {
    LittleEndian out = new LittleEndian();
    out.int32(0x04034b50).bytes(new byte[22]).int16(1).int16(0).text("a").bytes(TEXT);
    int directory = out.size();
    entry(out, "a", 0, 4, 0);
    entry(out, "b", 0, 4, 0);
    byte[] same = end(out, directory, 2);
    assertRefused(
        "a.jar: entry 'a' ends at byte 35 or later, inside entry 'b', which begins at 0" + AGAIN,
        () -> open(same));
    LittleEndian longer = new LittleEndian();
    longer.int32(0x04034b50).bytes(new byte[22]).int16(1).int16(0).text("a").bytes(TEXT);
    entry(longer, "a", 0, 9, 0);
    byte[] into = end(longer, directory, 1);
    assertRefused(
        "a.jar: entry 'a' ends at byte 40 or later, inside the directory, which begins at 35"
            + AGAIN,
        () -> open(into));
  }

  @Test
  void refusesAnEntryWhoseOwnHeaderSaysOtherwise() throws IOException {
    byte[] renamed = SampleFiles.storedZip(Map.of("a", TEXT));
    renamed[30] = 'b';
    assertRefused(
        "a.jar: entry 'a' is 'b' with method 0 in its own header" + AGAIN,
        () -> open(renamed).stored("a"));
    byte[] compressed = SampleFiles.storedZip(Map.of("a", TEXT));
    compressed[8] = 8;
    assertRefused(
        "a.jar: entry 'a' is 'a' with method 8 in its own header" + AGAIN,
        () -> open(compressed).stored("a"));
    byte[] padded = SampleFiles.storedZip(Map.of("a", TEXT));
    padded[28] = 9; // extra bytes, of which the directory knows nothing
    assertRefused(
        "a.jar: entry 'a' of 4 bytes from 40 runs into what begins at 35" + AGAIN,
        () -> open(padded).stored("a"));
  }

  @Test
  void refusesAnEntryThatIsThereTwice() throws IOException {
    LittleEndian out = new LittleEndian();
    out.int32(0x04034b50).bytes(new byte[22]).int16(1).int16(0).text("a").bytes(TEXT);
    int second = out.size();
    out.int32(0x04034b50).bytes(new byte[22]).int16(1).int16(0).text("a").bytes(TEXT);
    int directory = out.size();
    entry(out, "a", 0, 4, 0);
    entry(out, "a", 0, 4, second);
    byte[] bytes = end(out, directory, 2);
    assertRefused("a.jar: entry 'a' appears twice" + AGAIN, () -> open(bytes));
  }

  private static void entry(LittleEndian out, String name, int flags, int size, int header) {
    out.int32(0x02014b50).int16(20).int16(20).int16(flags).bytes(new byte[10]);
    out.int32(size).int32(size).int16(name.length()).bytes(new byte[12]).int32(header).text(name);
  }

  private static byte[] end(LittleEndian out, int directory, int entries) {
    int size = out.size() - directory;
    out.int32(0x06054b50).int32(0).int16(entries).int16(entries);
    return out.int32(size).int32(directory).int16(0).toBytes();
  }

  private ZipArchive open(byte[] bytes) throws IOException {
    return ZipArchive.open(write(bytes));
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.jar"), bytes);
  }
}
