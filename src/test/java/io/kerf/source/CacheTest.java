package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  @TempDir Path folder;

  @Test
  void liesWhereTheUserSaysElseWhereCachesLie() {
    String home = folder.resolve("home").toString();
    String kerf = folder.resolve("kerf-home").toString();
    String xdg = folder.resolve("xdg").toString();
    assertEquals(Path.of(home, ".cache", "kerf"), Cache.of(null, Map.of(), home).root());
    assertEquals(Path.of(xdg, "kerf"), Cache.of(null, Map.of("XDG_CACHE_HOME", xdg), home).root());
    assertEquals(
        Path.of(kerf),
        Cache.of(null, Map.of("XDG_CACHE_HOME", xdg, "KERF_HOME", kerf), home).root());
    assertEquals(folder, Cache.of(folder.toString(), Map.of("KERF_HOME", kerf), home).root());
    assertEquals(
        Path.of(home, ".cache", "kerf"),
        Cache.of(null, Map.of("XDG_CACHE_HOME", "relative"), home).root());
  }

  @Test
  void aFreshStagingFolderIsEmptyAndRidOfWhatKilledDownloadsLeft() throws Exception {
    Cache cache = new Cache(folder);
    Path killed = cache.freshStaging("tiny");
    Files.writeString(killed.resolve("half"), "...");
    Path fresh = cache.freshStaging("tiny");
    assertFalse(Files.exists(killed));
    assertTrue(Files.isDirectory(fresh));
    cache.deleteStaging("tiny");
    assertFalse(Files.exists(fresh));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamedWithTheWayOut() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    Cache cache = new Cache(file);
    String message = assertThrows(FetchException.class, () -> cache.lock("tiny")).getMessage();
    assertTrue(message.startsWith("cannot write to Kerf's folder " + file), message);
    assertTrue(message.endsWith("; set KERF_HOME to a folder that can be written"), message);
  }
}
