package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.rows.DataFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataHomeTest {
  @TempDir Path temp;

  @Test
  void findsTheProjectsDataFromItsNotebooks() throws IOException {
    Path notebooks = Files.createDirectories(temp.resolve("kerf/notebooks"));
    Path datasets = Files.createDirectories(temp.resolve("kerf/datasets"));
    List<Path> folders = DataHome.usual(notebooks).folders();
    assertEquals(datasets.toAbsolutePath(), folders.get(folders.size() - 1));
    assertEquals(temp.resolve("shared/data").toAbsolutePath(), folders.get(folders.size() - 2));
  }

  @Test
  void looksIntoTheFirstFolderFirst() throws IOException {
    Path a = Files.createDirectories(temp.resolve("a/lama"));
    Path b = Files.createDirectories(temp.resolve("b/lama"));
    Files.writeString(b.resolve("x"), "");
    DataHome home = DataHome.of(a.getParent(), b.getParent());
    assertEquals(b.resolve("x"), home.find("lama/x").orElseThrow());
    Files.writeString(a.resolve("x"), "");
    assertEquals(a.resolve("x"), home.find("lama/x").orElseThrow());
    assertTrue(home.find("lama/y").isEmpty());
  }

  @Test
  void saysWhereItLookedAndTheWayOut() {
    DataHome home = DataHome.of(Path.of("one"), Path.of("two"));
    var error =
        assertThrows(MissingDataException.class, () -> home.require("lama/x", "do without"));
    assertEquals(
        "cannot find lama/x: looked in one, two; name the folder that holds it by"
            + " -Dkerf.data=FOLDER or KERF_DATA, or do without",
        error.getMessage());
  }

  @Test
  void aFileIsKnownByItsBytes() throws IOException {
    Path file = Files.writeString(temp.resolve("abc"), "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        DataFile.of(file, 1).sha256());
  }
}
