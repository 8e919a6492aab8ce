package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import io.kerf.name.UnknownNameException;
import io.kerf.progress.Interrupted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A hub that behaves. */
class HubTest extends HubCase {
  private static final String COMMIT = HubServer.COMMIT;

  @Test
  void bringsAModelIntoTheLayoutThatPythonKeeps() throws Exception {
    HubSnapshot snapshot = fetch("org/tiny");
    assertEquals(
        new HubSnapshot(
            "org/tiny",
            cache().resolve("snapshots").resolve(COMMIT),
            "Hugging Face hub org/tiny, revision main, commit " + COMMIT),
        snapshot);
    String in = "snapshots/" + COMMIT + "/";
    assertEquals(
        Stream.of(
                "blobs/" + server.etag("config.json"),
                "blobs/" + server.etag("tokenizer.json"),
                "blobs/" + server.etag(WEIGHTS),
                "refs/main",
                in + "config.json",
                in + "tokenizer.json",
                in + WEIGHTS)
            .sorted()
            .toList(),
        filesInCache());
    assertEquals(COMMIT, Files.readString(cache().resolve("refs/main")));
    for (String file : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      Path link = snapshot.path().resolve(file);
      assertEquals(Path.of("../../blobs", server.etag(file)), Files.readSymbolicLink(link));
      assertArrayEquals(server.content(file), Files.readAllBytes(link));
    }
    assertTrue(
        Files.exists(
            folder.resolve("hf/hub/.locks/models--org--tiny/" + server.etag(WEIGHTS) + ".lock")));
  }

  @Test
  void showsOneBarForAllFilesOnTheCallersThread() {
    fetch("org/tiny");
    long total = 200_000 + server.content("config.json").length + 2;
    assertEquals(List.of("Downloading org/tiny " + total + " bytes"), progress.started);
    assertEquals(total, progress.done.get());
    assertEquals(1, progress.closed.get());
    assertEquals(Set.of(Thread.currentThread()), Set.copyOf(progress.threads));
  }

  @Test
  void whatIsHereIsUsedAndNothingIsAsked() {
    HubSnapshot first = fetch("org/tiny");
    int requests = server.seen.size();
    assertEquals(first, fetch("org/tiny"));
    assertEquals(requests, server.seen.size());
    assertEquals(1, progress.started.size());
    server.close();
    environment.put("HF_HUB_OFFLINE", "1");
    assertEquals(first, fetch("org/tiny"));
  }

  @Test
  void aConfigurationThatIsTooLongIsNotRead() {
    server.always(
        "HEAD",
        "config.json",
        HubServer.status(200, "ETag", server.etag("config.json"), "Content-Length", "99999999"));
    assertEquals(
        "org/tiny: config.json has 99999999 bytes, more than the 67108864 that are read; another"
            + " revision may be sound",
        failure("org/tiny"));
  }

  /** As huggingface_hub writes it, by hand. */
  private Path layoutOfPython(String... files) throws IOException {
    Path snapshot = cache().resolve("snapshots").resolve(COMMIT);
    Files.createDirectories(snapshot);
    Files.createDirectories(cache().resolve("blobs"));
    Files.createDirectories(cache().resolve("refs"));
    Files.writeString(cache().resolve("refs/main"), COMMIT);
    for (String file : files) {
      Files.write(blob(file), server.content(file));
      Files.createSymbolicLink(
          snapshot.resolve(file), Path.of("../../blobs").resolve(server.etag(file)));
    }
    return snapshot;
  }

  @Test
  void whatPythonDownloadedIsUsedWithoutNetwork() throws Exception {
    Path snapshot = layoutOfPython("config.json", "tokenizer.json", WEIGHTS);
    server.close();
    assertEquals(snapshot, fetch("org/tiny").path());
    assertEquals(snapshot, fetch("org/tiny@" + COMMIT).path());
    assertEquals(
        "Hugging Face hub org/tiny, revision " + COMMIT, fetch("org/tiny@" + COMMIT).origin());
    assertEquals(List.of(), progress.started);
  }

  @Test
  void whatPythonDownloadedInPartIsCompleted() throws Exception {
    layoutOfPython("config.json", "tokenizer.json");
    fetch("org/tiny");
    assertEquals(0, server.gets("config.json"));
    assertEquals(List.of("Downloading org/tiny 200000 bytes"), progress.started);
  }

  @Test
  void aLinkWhoseBlobWasRemovedIsMadeAnew() throws Exception {
    Path snapshot = fetch("org/tiny").path();
    Files.delete(blob(WEIGHTS));
    fetch("org/tiny");
    assertArrayEquals(server.content(WEIGHTS), Files.readAllBytes(snapshot.resolve(WEIGHTS)));
  }

  @Test
  void aRevisionIsAskedForAndRemembered() throws Exception {
    server.revisions.put("refs/pr/1", COMMIT);
    HubSnapshot snapshot = fetch("org/tiny@refs/pr/1");
    assertEquals("org/tiny@refs/pr/1", snapshot.name());
    assertEquals(
        "Hugging Face hub org/tiny, revision refs/pr/1, commit " + COMMIT, snapshot.origin());
    assertEquals(COMMIT, Files.readString(cache().resolve("refs/refs/pr/1")));
    assertFalse(Files.exists(cache().resolve("refs/main")));
  }

  @Test
  void aGgufFileComesAlone() throws Exception {
    server.putLarge("some folder/tiny.Q4_1.gguf", bytes(1000));
    HubSnapshot snapshot = fetch("org/tiny@main:some folder/tiny.Q4_1.gguf");
    assertEquals("org/tiny:some folder/tiny.Q4_1.gguf", snapshot.name());
    assertEquals(
        cache().resolve("snapshots/" + COMMIT + "/some folder/tiny.Q4_1.gguf"), snapshot.path());
    assertArrayEquals(bytes(1000), Files.readAllBytes(snapshot.path()));
    assertEquals(3, filesInCache().size(), () -> "a blob, a link and a ref");
    assertEquals(
        "Hugging Face hub org/tiny, file some folder/tiny.Q4_1.gguf, revision main, commit "
            + COMMIT,
        snapshot.origin());
    server.close();
    assertEquals(snapshot, fetch("org/tiny:some folder/tiny.Q4_1.gguf"));
  }

  @Test
  void aGgufFileThatIsNotThereIsAnsweredByWhatMayBeMeant() {
    server.putLarge("tiny-Q4_1.gguf", bytes(10)).putLarge("other.gguf", bytes(11));
    assertEquals(
        "Unknown file of org/tiny 'tiny-Q4-2.gguf'. Did you mean: tiny-Q4_1.gguf?"
            + " Known: other.gguf, tiny-Q4_1.gguf",
        assertThrows(UnknownNameException.class, () -> fetch("org/tiny:tiny-Q4-2.gguf"))
            .getMessage());
  }

  @Test
  void aRepositoryWithoutGgufSaysSo() {
    assertEquals(
        "org/tiny holds no GGUF file; load(\"org/tiny\") reads its other weights",
        failure("org/tiny:tiny.gguf"));
  }

  @Test
  void shardsComeAsTheIndexNamesThem() throws Exception {
    try (HubServer sharded = new HubServer()) {
      String index = "model.safetensors.index.json";
      sharded
          .put("config.json", "{}")
          .put("vocab.txt", "a")
          .put(index, Json.write(Map.of("weight_map", Map.of("a", "one", "b", "two", "c", "one"))))
          .putLarge("one", bytes(100))
          .putLarge("two", bytes(200))
          .putLarge("three", bytes(300))
          .putLarge("pytorch_model.bin", bytes(400));
      environment.put("HF_ENDPOINT", sharded.address());
      Path snapshot = fetch("org/tiny").path();
      try (Stream<Path> files = Files.list(snapshot)) {
        assertEquals(
            List.of("config.json", index, "one", "two", "vocab.txt"),
            files.map(file -> file.getFileName().toString()).sorted().toList());
      }
      long total = 303 + sharded.content(index).length;
      assertEquals(List.of("Downloading org/tiny " + total + " bytes"), progress.started);
      assertEquals(total, progress.done.get());

      Files.delete(snapshot.resolve("two"));
      environment.put("TRANSFORMERS_OFFLINE", "1");
      assertEquals(
          "org/tiny is in the cache "
              + folder.resolve("hf/hub")
              + " at commit "
              + COMMIT
              + " without two, and TRANSFORMERS_OFFLINE=1 forbids to ask the hub; unset it to"
              + " download, or let HF_HUB_CACHE or HF_HOME name the folder where it is",
          failure("org/tiny"));
    }
  }

  @Test
  void anIndexThatNamesWhatIsNotThereIsRefused() throws Exception {
    try (HubServer broken = new HubServer()) {
      broken
          .put("config.json", "{}")
          .put("vocab.txt", "a")
          .put("pytorch_model.bin.index.json", "{\"weight_map\": {\"a\": \"one.bin\"}}");
      environment.put("HF_ENDPOINT", broken.address());
      assertEquals(
          "org/tiny has no file one.bin, which its pytorch_model.bin.index.json names: its authors"
              + " have to mend that; another revision may be whole",
          failure("org/tiny"));
    }
  }

  @Test
  void oneKindOfWeightsIsTakenAndSpieceOnlyWithoutTokenizerJson() {
    Set<String> all =
        Set.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "flax_model.msgpack",
            "model.safetensors",
            "pytorch_model.bin");
    assertEquals(
        Set.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "vocab.json",
            "merges.txt"),
        Set.copyOf(HubSelection.besidesWeights(all::contains)));
    assertEquals("model.safetensors", HubSelection.weights(all::contains).orElseThrow());
    Set<String> old = Set.of("config.json", "spiece.model", "pytorch_model.bin");
    assertEquals(
        List.of("config.json", "spiece.model"), HubSelection.besidesWeights(old::contains));
    assertEquals(List.of(), HubSelection.missing(old::contains));
  }

  @Test
  void aRepositoryThatIsNoModelSaysWhatItLacksBeforeAnythingIsDownloaded() throws Exception {
    try (HubServer ggufs = new HubServer()) {
      ggufs.putLarge("b.gguf", bytes(10)).putLarge("a.gguf", bytes(11)).put("config.json", "{}");
      environment.put("HF_ENDPOINT", ggufs.address());
      assertEquals(
          "org/tiny cannot be loaded as a whole: it has no tokenizer (tokenizer.json or vocab.txt"
              + " or vocab.json or spiece.model or tokenizer.model), no weights (model.safetensors"
              + " or model.safetensors.index.json or pytorch_model.bin or"
              + " pytorch_model.bin.index.json); one of its GGUF files can:"
              + " load(\"org/tiny:a.gguf\"), a.gguf, b.gguf",
          failure("org/tiny"));
      assertEquals(List.of(), filesInCache());
    }
  }

  @Test
  void aModelOfNoUseIsRefusedBeforeItsWeightsCome() throws Exception {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    hub()
                        .fetch(
                            HubName.parse("org/tiny").orElseThrow(),
                            config -> {
                              throw new IllegalArgumentException(config.at("model_type").where());
                            },
                            progress))
            .getMessage();
    assertEquals("org/tiny: config.json: model_type", message);
    assertEquals(0, server.gets(WEIGHTS));
    assertEquals(List.of("blobs/" + server.etag("config.json")), filesInCache());
  }

  @Test
  void offlineSaysWhichVariablesDecide() {
    environment.put("HF_HUB_OFFLINE", "yes");
    assertEquals(
        "org/tiny is not in the cache "
            + folder.resolve("hf/hub")
            + ", and HF_HUB_OFFLINE=yes forbids to ask the hub; unset it to download, or let"
            + " HF_HUB_CACHE or HF_HOME name the folder where it is",
        failure("org/tiny"));
    assertEquals(List.of(), server.seen);
  }

  @Test
  void anUnknownRepositorySaysWhatItMayBe() {
    assertEquals(
        server.address()
            + " shows no model org/tinny (status 401): check the spelling; if it is private, set"
            + " HF_TOKEN to a token that may read it; nor is there a folder of that name here",
        failure("org/tinny"));
    environment.put("HF_TOKEN", SECRET);
    assertEquals(
        server.address()
            + " shows no model org/tinny with revision v1 (status 401): check the spelling; if it"
            + " is private, the token from HF_TOKEN must be of an account that may read it; nor is"
            + " there a folder of that name here",
        failure("org/tinny@v1"));
  }

  @Test
  void anUnknownRevisionSaysWhereTheyAreListed() {
    assertEquals(
        "org/tiny has no revision 'v2'; its branches and tags are at "
            + server.address()
            + "/org/tiny/tree/main",
        failure("org/tiny@v2"));
  }

  @Test
  void aGatedRepositorySaysHowToGetIn() {
    server.always("HEAD", "config.json", HubServer.status(401, "X-Error-Code", "GatedRepo"));
    String page = server.address() + "/org/tiny";
    assertEquals(
        "org/tiny is gated: its authors give it to accounts that accept their terms. Accept them"
            + " at "
            + page
            + ", then set HF_TOKEN to a token of that account, or run 'hf auth login'",
        failure("org/tiny"));
    server.always("HEAD", "config.json", HubServer.status(403, "X-Error-Code", "GatedRepo"));
    environment.put("HF_TOKEN", SECRET);
    assertEquals(
        "org/tiny is gated: its authors give it to accounts that accept their terms. The account"
            + " of the token from HF_TOKEN may not read it yet: ask at "
            + page,
        failure("org/tiny"));
  }

  @Test
  void aFileThatIsListedAndNotThereIsNamed() {
    server.list("merges.txt");
    assertEquals(
        "org/tiny has no file merges.txt; see " + server.address() + "/org/tiny",
        failure("org/tiny"));
  }

  @Test
  void withoutNetworkTheHubIsNamedAndNothingIsTriedAgain() {
    server.close();
    String message = failure("org/tiny");
    assertTrue(
        message.startsWith(
            "cannot reach " + server.address() + " for the files of org/tiny (ConnectException"),
        message);
    assertTrue(
        message.endsWith(
            "), and they are not all here; check the network, the proxy (Java's https.proxyHost) and"
                + " HF_ENDPOINT"),
        message);
    assertEquals(List.of(), pauses);
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws Exception {
    Files.createDirectories(folder.resolve("hf"));
    Files.writeString(folder.resolve("hf/hub"), "a file");
    String message = failure("org/tiny");
    assertTrue(
        message.startsWith("cannot write to the hub's cache " + folder.resolve("hf/hub")), message);
    assertTrue(
        message.endsWith(
            "set HF_HUB_CACHE or HF_HOME to a folder that can be written and has room"),
        message);
  }

  @Test
  void doesNotBeginWhenInterrupted() {
    Thread.currentThread().interrupt();
    assertEquals(
        "Downloading org/tiny was interrupted",
        assertThrows(Interrupted.class, () -> fetch("org/tiny")).getMessage());
    assertEquals(List.of(), server.seen);
  }
}
