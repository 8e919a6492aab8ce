package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub of this process with one tiny model, a cache in a fresh folder, and no real pauses. */
abstract class HubCase {
  static final String WEIGHTS = "model.safetensors";

  /** Where the weights really lie, for faults. */
  static final String ELSEWHERE = "elsewhere " + WEIGHTS;

  static final String SECRET = "hf_very_secret";

  @TempDir Path folder;
  final Map<String, String> environment = new HashMap<>();
  final List<Duration> pauses = new CopyOnWriteArrayList<>();
  final SeenProgress progress = new SeenProgress();
  HubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server =
        new HubServer()
            .put("config.json", "{\"model_type\": \"tiny\"}")
            .put("tokenizer.json", "{}")
            .put("README.md", "# Tiny")
            .putLarge(WEIGHTS, bytes(200_000));
    environment.put("HF_ENDPOINT", server.address());
    environment.put("HF_HOME", folder.resolve("hf").toString());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  Path cache() {
    return folder.resolve("hf/hub/models--org--tiny");
  }

  Path blob(String file) {
    return cache().resolve("blobs").resolve(server.etag(file));
  }

  Path incomplete(String file) {
    return cache().resolve("blobs").resolve(server.etag(file) + ".incomplete");
  }

  Hub hub() {
    return hub(Duration.ofSeconds(20));
  }

  Hub hub(Duration silence) {
    return new Hub(
        HubSettings.of(environment, folder.toString()),
        new Patience(4, Duration.ofSeconds(1), Duration.ofMinutes(5), silence, pauses::add));
  }

  HubSnapshot fetch(String name) {
    return hub().fetch(HubName.parse(name).orElseThrow(), config -> {}, progress);
  }

  String failure(String name) {
    return assertThrows(
            FetchException.class,
            () ->
                hub().fetch(HubName.parse(name).orElseThrow(), config -> {}, ProgressListener.NONE))
        .getMessage();
  }

  /** All files below the cache's model but locks, relative, sorted. */
  List<String> filesInCache() throws IOException {
    if (!Files.exists(cache())) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(cache())) {
      return paths
          .filter(path -> !Files.isDirectory(path))
          .map(path -> cache().relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  void assertIsWhole() throws IOException {
    Path snapshot = cache().resolve("snapshots").resolve(HubServer.COMMIT);
    for (String file : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      assertArrayEquals(server.content(file), Files.readAllBytes(snapshot.resolve(file)));
    }
    assertFalse(Files.exists(incomplete(WEIGHTS)));
  }

  /** Nothing but whole contents and beginnings of contents. */
  void assertOnlyBlobsAreLeft() throws IOException {
    for (String file : filesInCache()) {
      assertTrue(file.matches("blobs/[0-9a-f]{40,64}(\\.incomplete)?"), file);
      byte[] left = Files.readAllBytes(cache().resolve(file));
      String etag = file.replaceAll("blobs/|\\.incomplete", "");
      byte[] whole =
          Stream.of("config.json", "tokenizer.json", WEIGHTS)
              .filter(name -> server.etag(name).equals(etag))
              .findFirst()
              .map(server::content)
              .orElseThrow();
      boolean part = file.endsWith(".incomplete");
      assertArrayEquals(part ? Arrays.copyOf(whole, left.length) : whole, left, file);
    }
  }

  List<String> ranges() {
    return server.seenElsewhere.stream().map(HubServer.Seen::range).toList();
  }
}
