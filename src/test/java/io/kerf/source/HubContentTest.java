package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contents and names that are not what they should be. */
class HubContentTest extends HubCase {
  @Test
  void aLargeFileWithAnotherSha256IsThrownAway() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.instead(new byte[200_000]));
    assertEquals(
        "org/tiny: model.safetensors came with sha256 "
            + HubServer.sha256(new byte[200_000])
            + ", expected "
            + server.etag(WEIGHTS)
            + "; it was thrown away. Load again; if it stays so, what stands between here and "
            + server.address()
            + " changes files",
        failure("org/tiny"));
    assertFalse(Files.exists(incomplete(WEIGHTS)));
    assertOnlyBlobsAreLeft();
    assertEquals(1, ranges().size());
  }

  @Test
  void aSmallFileWithAnotherGitSha1IsThrownAway() throws Exception {
    byte[] forged = "{\"model_type\": \"evil\"}".getBytes();
    server.always("GET", "config.json", HubServer.instead(forged));
    String message = failure("org/tiny");
    assertTrue(
        message.startsWith(
            "org/tiny: config.json came with git's sha1 "
                + HubServer.gitSha1(forged)
                + ", expected "
                + server.etag("config.json")),
        message);
    assertFalse(Files.exists(incomplete("config.json")));
  }

  @Test
  void aFileThatIsLongerThanTheHubSaysIsCutOff() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.insteadInChunks(new byte[300_000]));
    assertEquals(
        "org/tiny: model.safetensors comes with more than the 200000 bytes that the hub says it"
            + " has; check HF_ENDPOINT, or try again later",
        failure("org/tiny"));
    assertOnlyBlobsAreLeft();
  }

  @Test
  void aFileThatIsShorterThanTheHubSaysIsAskedForAgainAndThenLeft() throws Exception {
    byte[] shorter = Arrays.copyOf(server.content(WEIGHTS), 199_999);
    server.always("GET", ELSEWHERE, HubServer.instead(shorter));
    String message = failure("org/tiny");
    assertEquals(
        "the request for model.safetensors failed (IOException: ended after 199999 of 200000"
            + " bytes), 4 times in a row; try again later: what came is kept",
        message);
    assertOnlyBlobsAreLeft();
  }

  @Test
  void anEtagThatIsNoHashIsRefused() {
    server.always(
        "HEAD", "config.json", HubServer.status(200, "ETag", "\"../../x\"", "Content-Length", "5"));
    assertEquals(
        server.address()
            + " does not say an ETag that is the hash of its content for config.json, as a Hugging"
            + " Face hub does, so it cannot be checked; check HF_ENDPOINT",
        failure("org/tiny"));
  }

  @Test
  void aFileOfUnknownLengthIsRefused() {
    server.always("HEAD", WEIGHTS, HubServer.status(302, "X-Linked-Etag", server.etag(WEIGHTS)));
    assertEquals(
        server.address()
            + " does not say its length for model.safetensors, as a Hugging Face hub does, so it"
            + " cannot be checked; check HF_ENDPOINT",
        failure("org/tiny"));
  }

  @Test
  void aListingWithoutEndIsLeft() {
    server.always(
        "GET",
        "listing",
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 65; i++) {
            exchange.getResponseBody().write(new byte[1 << 20]);
          }
        });
    assertEquals(
        server.address() + " (the files of org/tiny) is longer than 67108864 bytes",
        failure("org/tiny"));
  }

  @Test
  void theStoragesOwnEtagAndLengthDoNotCount() {
    server.always(
        "HEAD", WEIGHTS, HubServer.redirectTo(server.addressElsewhere() + "/elsewhere/x"));
    assertTrue(failure("org/tiny").contains("does not say an ETag"));
    assertEquals(List.of(), server.seenElsewhere);
  }

  @Test
  void aFileOfAnotherCommitIsRefused() {
    server.always(
        "HEAD",
        "config.json",
        HubServer.status(
            200,
            "X-Repo-Commit",
            "f".repeat(40),
            "ETag",
            server.etag("config.json"),
            "Content-Length",
            "5"));
    assertEquals(
        "config.json of commit "
            + HubServer.COMMIT
            + " was asked for, and the hub has it of another commit",
        failure("org/tiny"));
  }

  @Test
  void namesThatLeadOutOfTheFolderAreRefused() throws Exception {
    for (String name :
        List.of("../evil", "/etc/evil", "a/../../evil", "a\\evil", "nul\0.bin", "a//b", "C:evil")) {
      try (HubServer evil = new HubServer()) {
        evil.put("config.json", "{}").put("vocab.txt", "a").putLarge(WEIGHTS, new byte[1]);
        evil.list(name);
        environment.put("HF_ENDPOINT", evil.address());
        String message = failure("org/tiny");
        assertTrue(message.startsWith("a file that " + evil.address()), message);
        assertTrue(
            message.endsWith(
                " is named '"
                    + name.replace('\0', '?')
                    + "', which could lead out of its folder; names are relative, without '..',"
                    + " '\\', ':' and control characters"),
            message);
      }
    }
    assertEquals(List.of(), filesInCache());
  }

  @Test
  void anIndexThatLeadsOutOfTheFolderIsRefused() throws Exception {
    try (HubServer evil = new HubServer()) {
      evil.put("config.json", "{}")
          .put("vocab.txt", "a")
          .put("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../../refs/main\"}}");
      environment.put("HF_ENDPOINT", evil.address());
      assertEquals(
          "a file that model.safetensors.index.json names is named '../../refs/main', which could"
              + " lead out of its folder; names are relative, without '..', '\\', ':' and control"
              + " characters",
          failure("org/tiny"));
    }
  }

  @Test
  void anIndexThatIsNoneIsRefused() throws Exception {
    try (HubServer broken = new HubServer()) {
      broken.put("config.json", "{}").put("vocab.txt", "a");
      broken.put("pytorch_model.bin.index.json", "{}");
      environment.put("HF_ENDPOINT", broken.address());
      assertEquals(
          "pytorch_model.bin.index.json: weight_map must be an object, was absent; the file is"
              + " damaged: get it again",
          failure("org/tiny"));
    }
  }

  @Test
  void anAnswerThatIsNoListingIsRefused() {
    for (String answer :
        List.of("<html>log in</html>", "{}", "{\"sha\": \"../..\", \"siblings\": []}")) {
      server.always("GET", "listing", (exchange, content) -> HubServer.json(exchange, answer));
      String message = failure("org/tiny");
      assertTrue(
          message.endsWith("did not answer as a Hugging Face hub does; check HF_ENDPOINT")
              || message.endsWith("names no commit: sha must be 40 hexadecimal digits"),
          message);
    }
  }
}
