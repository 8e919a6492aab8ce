package io.kerf.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the environment says about the hub, in the variables that Python's huggingface_hub reads.
 *
 * @param cacheFolder where downloads are kept
 * @param endpointText HF_ENDPOINT as it stands; blank for the usual hub
 * @param offlineBy what forbids asking the hub: "HF_HUB_OFFLINE=1"; empty if nothing does
 * @param tokenText the token as a variable has it; null where none has
 * @param tokenFrom the variable that has the token, or the file that may
 */
record HubSettings(
    Path cacheFolder,
    String endpointText,
    Optional<String> offlineBy,
    String tokenText,
    String tokenFrom) {
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");

  static HubSettings ofUser() {
    return of(System.getenv(), System.getProperty("user.home"));
  }

  static HubSettings of(Map<String, String> environment, String userHome) {
    Environment variables = new Environment(environment, userHome);
    Path caches =
        variables.first("XDG_CACHE_HOME").map(Path::of).orElse(Path.of(userHome, ".cache"));
    Path home = variables.path("HF_HOME").orElse(caches.resolve("huggingface"));
    Path cache =
        variables.path("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE").orElse(home.resolve("hub"));
    boolean anonymous = variables.isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN");
    Optional<String> named = variables.firstNamed("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    Path file = variables.path("HF_TOKEN_PATH").orElse(home.resolve("token"));
    return new HubSettings(
        cache.toAbsolutePath().normalize(),
        variables.first("HF_ENDPOINT").orElse(""),
        // As in Python, the first that is set decides, also where it says no.
        variables
            .firstNamed("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
            .filter(variables::isTrue)
            .map(name -> name + "=" + environment.get(name)),
        named.filter(name -> !anonymous).map(environment::get).orElse(null),
        anonymous ? "" : named.orElse(file.toString()));
  }

  HubEndpoint endpoint() {
    return HubEndpoint.of(endpointText);
  }

  /**
   * The token, if there is one.
   *
   * @throws FetchException if its file cannot be read
   */
  Optional<HubToken> token() {
    if (tokenText != null) {
      return Optional.of(new HubToken(tokenText, tokenFrom));
    }
    Path file = Path.of(tokenFrom);
    if (tokenFrom.isEmpty() || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file);
      return text.isBlank() ? Optional.empty() : Optional.of(new HubToken(text, tokenFrom));
    } catch (IOException e) {
      throw new FetchException(
          "cannot read the hub's token from "
              + file
              + " ("
              + e.getClass().getSimpleName()
              + "); HF_TOKEN or HF_TOKEN_PATH name another",
          e);
    }
  }

  /** Without the token, which a record would show. */
  @Override
  public String toString() {
    return "HubSettings[cacheFolder=" + cacheFolder + "]";
  }

  private record Environment(Map<String, String> values, String userHome) {
    Optional<String> firstNamed(String... names) {
      return List.of(names).stream()
          .filter(name -> !values.getOrDefault(name, "").isBlank())
          .findFirst();
    }

    Optional<String> first(String... names) {
      return firstNamed(names).map(values::get);
    }

    boolean isTrue(String name) {
      return TRUE.contains(values.getOrDefault(name, "").toUpperCase(Locale.ROOT));
    }

    /** A path; "~" at its beginning and variables in it are filled in, as Python does. */
    Optional<Path> path(String... names) {
      return first(names).map(this::expand).map(Path::of);
    }

    private String expand(String text) {
      boolean home = text.equals("~") || text.startsWith("~/") || text.startsWith("~\\");
      Matcher variable = VARIABLE.matcher(home ? userHome + text.substring(1) : text);
      return variable.replaceAll(
          found -> {
            String name = found.group(1) != null ? found.group(1) : found.group(2);
            return Matcher.quoteReplacement(values.getOrDefault(name, found.group()));
          });
    }
  }
}
