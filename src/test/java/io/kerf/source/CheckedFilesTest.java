package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedFilesTest {
  private static final Progress UNSEEN = bytes -> {};

  @TempDir Path folder;
  private final TinyModel model = TinyModel.of("tiny.gguf", 10_000);
  private Path file;

  @BeforeEach
  void writeFile() throws Exception {
    file = Files.write(folder.resolve("tiny.gguf"), model.bytes());
  }

  @Test
  void knowsTheHashOfAbc() throws Exception {
    Path abc = Files.writeString(folder.resolve("abc"), "abc");
    String sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    CheckedFiles.check(abc, new ModelFile("abc", 3, sha256), UNSEEN); // FIPS 180-4's example
  }

  @Test
  void tellsTheBytesItHashes() {
    SeenProgress seen = new SeenProgress();
    CheckedFiles.check(file, model.file(), seen.start("", 0, "bytes"));
    assertEquals(model.bytes().length, seen.done.get());
  }

  @Test
  void namesTheSizeAndTheHashThatAreWrong() throws Exception {
    ModelFile longer = new ModelFile("tiny.gguf", 10_001, model.file().sha256());
    assertEquals(
        file + " has 10000 bytes, expected 10001",
        assertThrows(FetchException.class, () -> CheckedFiles.check(file, longer, UNSEEN))
            .getMessage());
    ModelFile other = new ModelFile("tiny.gguf", 10_000, "0".repeat(64));
    assertEquals(
        file + " has sha256 " + model.file().sha256() + ", expected " + "0".repeat(64),
        assertThrows(FetchException.class, () -> CheckedFiles.check(file, other, UNSEEN))
            .getMessage());
    assertTrue(Files.exists(file));
  }

  @Test
  void remembersAFileUntilItChanges() throws Exception {
    CheckedFiles checked = new CheckedFiles(folder.resolve("notes"));
    assertFalse(checked.remembers(file, model.file()));
    checked.remember(file, model.file());
    assertTrue(checked.remembers(file, model.file()));
    assertFalse(checked.remembers(file, new ModelFile("x", 10_000, "0".repeat(64))));

    FileTime before = Files.getLastModifiedTime(file);
    Files.write(file, new byte[10_000]);
    Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 1000));
    assertFalse(checked.remembers(file, model.file()));

    checked.remember(file, model.file());
    Files.write(file, new byte[9_999]);
    Files.setLastModifiedTime(file, before);
    assertFalse(checked.remembers(file, model.file()));
    Files.delete(file);
    assertFalse(checked.remembers(file, model.file()));
  }

  @Test
  void worksWhereNothingCanBeNoted() throws Exception {
    CheckedFiles checked = new CheckedFiles(Files.writeString(folder.resolve("f"), "no folder"));
    checked.remember(file, model.file());
    assertFalse(checked.remembers(file, model.file()));
  }

  @Test
  void stopsWhenInterrupted() {
    Thread.currentThread().interrupt();
    assertEquals(
        "Checking tiny.gguf was interrupted",
        assertThrows(Interrupted.class, () -> CheckedFiles.check(file, model.file(), UNSEEN))
            .getMessage());
  }
}
