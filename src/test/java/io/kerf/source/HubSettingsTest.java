package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
  @TempDir Path home;

  private HubSettings settings(String... variables) {
    Map<String, String> environment = new java.util.HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return HubSettings.of(environment, home.toString());
  }

  private Path cache(String... variables) {
    return settings(variables).cacheFolder();
  }

  @Test
  void theCacheLiesWherePythonsDoes() {
    assertEquals(home.resolve(".cache/huggingface/hub"), cache());
    assertEquals(Path.of("/x/huggingface/hub"), cache("XDG_CACHE_HOME", "/x"));
    assertEquals(Path.of("/h/hub"), cache("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"));
    assertEquals(Path.of("/o"), cache("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/o"));
    assertEquals(
        Path.of("/c"), cache("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/o", "HF_HUB_CACHE", "/c"));
    assertEquals(Path.of("/h/hub"), cache("HF_HOME", "/h", "HF_HUB_CACHE", " "));
  }

  @Test
  void homeAndVariablesInPathsAreFilledIn() {
    assertEquals(home.resolve("m/hub"), cache("HF_HOME", "~/m"));
    assertEquals(Path.of("/s/me/hub"), cache("HF_HOME", "$S/${WHO}", "S", "/s", "WHO", "me"));
    assertEquals(Path.of("/s/$NONE/hub"), cache("HF_HOME", "/s/$NONE"));
  }

  @Test
  void theFirstOfflineVariableThatIsSetDecides() {
    assertEquals(Optional.empty(), settings().offlineBy());
    for (String yes : new String[] {"1", "ON", "yes", "True"}) {
      assertEquals(
          Optional.of("HF_HUB_OFFLINE=" + yes), settings("HF_HUB_OFFLINE", yes).offlineBy());
    }
    assertEquals(
        Optional.of("TRANSFORMERS_OFFLINE=1"),
        settings("HF_HUB_OFFLINE", "", "TRANSFORMERS_OFFLINE", "1").offlineBy());
    assertEquals(
        Optional.empty(), settings("HF_HUB_OFFLINE", "0", "TRANSFORMERS_OFFLINE", "1").offlineBy());
  }

  private static String header(HubSettings settings) {
    return settings.token().map(HubToken::header).orElse("none");
  }

  @Test
  void theTokenComesFromTheVariableOrTheFile() throws Exception {
    assertEquals("none", header(settings()));
    Path usual = home.resolve(".cache/huggingface/token");
    Files.createDirectories(usual.getParent());
    Files.writeString(usual, "\n");
    assertEquals("none", header(settings()));
    Files.writeString(usual, "usual\n");
    assertEquals("Bearer usual", header(settings()));
    Path other = Files.writeString(home.resolve("other"), "other");
    assertEquals("Bearer other", header(settings("HF_TOKEN_PATH", other.toString())));
    assertEquals("Bearer old", header(settings("HUGGING_FACE_HUB_TOKEN", "old")));
    assertEquals(
        "Bearer new", header(settings("HUGGING_FACE_HUB_TOKEN", "old", "HF_TOKEN", " new\n")));
    assertEquals("none", header(settings("HF_TOKEN", "new", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")));
    assertEquals(usual.toString(), settings().token().orElseThrow().from());
  }

  @Test
  void aTokenFileThatCannotBeReadIsNamed() throws Exception {
    Path file = home.resolve("token");
    Files.write(file, new byte[] {(byte) 0xff});
    assertEquals(
        "cannot read the hub's token from "
            + file
            + " (MalformedInputException); HF_TOKEN or HF_TOKEN_PATH name another",
        assertThrows(FetchException.class, () -> settings("HF_TOKEN_PATH", file.toString()).token())
            .getMessage());
  }

  @Test
  void aTokenThatIsNoneIsNotShown() {
    for (String broken : new String[] {"two words", "a\nb", "caf\u00e9"}) {
      assertEquals(
          "HF_TOKEN holds no token: a token is one word of ASCII characters; write it again",
          assertThrows(FetchException.class, () -> settings("HF_TOKEN", broken).token())
              .getMessage());
    }
  }

  @Test
  void theEndpointIsAnHttpAddress() {
    assertTrue(settings().endpoint().base().toString().startsWith("https://"));
    assertEquals(
        "http://localhost:1/hub",
        settings("HF_ENDPOINT", "http://localhost:1/hub/").endpoint().base().toString());
    String beginning =
        "HF_ENDPOINT must be an address like " + HubEndpoint.of("").base() + ", was ";
    for (String wrong :
        new String[] {"hub", "ftp://hub", "http://hub?x", "http://a b", "file:/x"}) {
      assertEquals(
          beginning + "'" + wrong + "'; unset it for that",
          assertThrows(FetchException.class, () -> settings("HF_ENDPOINT", wrong).endpoint())
              .getMessage());
    }
    assertEquals(
        beginning + "one with a user's name or password in it; unset it for that",
        assertThrows(
                FetchException.class,
                () -> settings("HF_ENDPOINT", "http://me:secret@hub").endpoint())
            .getMessage());
  }
}
