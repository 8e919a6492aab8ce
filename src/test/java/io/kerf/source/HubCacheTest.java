package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {
  private static final String COMMIT = "a".repeat(40);
  private static final HubCache.Link FORBIDDEN =
      (pointer, blob) -> {
        throw new FileSystemException("a privilege is lacking");
      };

  @TempDir Path folder;
  private final HubName name = new HubName("org/name", "main", "");
  private final byte[] content = "content".getBytes(StandardCharsets.UTF_8);
  private final HubFile file =
      new HubFile("config.json", HubServer.gitSha1(content), content.length);

  private Path link(HubCache cache) throws IOException {
    Path blob = cache.blob(name.repo(), file);
    Files.createDirectories(blob.getParent());
    Files.write(blob, content);
    return cache.link(name.repo(), COMMIT, List.of(file)).resolve("config.json");
  }

  @Test
  void copiesWhereLinksAreForbidden() throws Exception {
    Path copy = link(new HubCache(folder, List.of(FORBIDDEN, HubCache.COPY)));
    assertFalse(Files.isSymbolicLink(copy));
    assertArrayEquals(content, Files.readAllBytes(copy));
    try (Stream<Path> files = Files.list(copy.getParent())) {
      assertEquals(List.of(copy), files.toList());
    }
  }

  @Test
  void saysSoWhereNeitherIsPossible() {
    String message =
        assertThrows(FetchException.class, () -> link(new HubCache(folder, List.of(FORBIDDEN))))
            .getMessage();
    assertTrue(message.contains("a privilege is lacking"), message);
    assertTrue(message.startsWith("cannot write to the hub's cache " + folder), message);
  }

  @Test
  void whatIsInASnapshotIsLeftAsItIs() throws Exception {
    HubCache cache = HubCache.in(folder);
    Path pointer = link(cache);
    Files.delete(pointer);
    Files.writeString(pointer, "of another process");
    assertEquals("of another process", Files.readString(link(cache)));
  }

  @Test
  void aRevisionMovesToAnotherCommit() throws Exception {
    HubCache cache = HubCache.in(folder);
    for (String commit : List.of(COMMIT, "b".repeat(40))) {
      Files.createDirectories(folder.resolve("models--org--name/snapshots/" + commit));
    }
    assertEquals(null, cache.find(name).commit());
    cache.refer(name.repo(), COMMIT);
    assertEquals(COMMIT, cache.find(name).commit());
    cache.refer(name.repo(), "b".repeat(40));
    assertEquals("b".repeat(40), cache.find(name).commit());
  }

  @Test
  void aRefThatHoldsNoCommitDoesNotCount() throws Exception {
    HubCache cache = HubCache.in(folder);
    cache.refer(name.repo(), COMMIT);
    Files.createDirectories(folder.resolve("models--org--name/snapshots"));
    Files.writeString(folder.resolve("models--org--name/refs/main"), ".");
    assertEquals(null, cache.find(name).commit());
  }

  @Test
  void aCommitNamesItsSnapshotWithoutARef() throws Exception {
    HubCache cache = HubCache.in(folder);
    HubName exact = new HubName("org/name", COMMIT, "a.gguf");
    assertEquals(null, cache.find(exact).commit());
    Path snapshot = folder.resolve("models--org--name/snapshots/" + COMMIT);
    Files.createDirectories(snapshot);
    assertEquals(List.of("a.gguf"), cache.find(exact).missing());
    Files.write(snapshot.resolve("a.gguf"), content);
    assertEquals(new HubCache.Found(COMMIT, snapshot, List.of()), cache.find(exact));
    cache.refer(exact.repo(), COMMIT);
    assertFalse(Files.exists(folder.resolve("models--org--name/refs")));
  }
}
