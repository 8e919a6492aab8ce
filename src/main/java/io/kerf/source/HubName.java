package io.kerf.source;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model on the Hugging Face hub, as users name it: {@code org/name}, {@code org/name@revision},
 * {@code org/repo:file.gguf}, {@code org/repo@revision:file.gguf}.
 *
 * @param repository "org/name"
 * @param revision a branch, a tag or a commit; "main" where none was named
 * @param file the one GGUF file that is meant; empty where it is the whole model
 */
public record HubName(String repository, String revision, String file) {
  /** The revision of those who name none. */
  static final String MAIN = HubRepo.MAIN;

  private static final Pattern SHAPE =
      Pattern.compile("([^/@:\\\\]+/[^/@:\\\\]+)(?:@([^:]+))?(?::(.+))?");

  public HubName {
    new HubRepo(HubRepo.Kind.MODEL, repository, revision); // checks both
    if (!file.isEmpty() && !(file.endsWith(".gguf") && SafeName.isSafe(file))) {
      throw new IllegalArgumentException(
          "behind "
              + repository
              + ": stands the path of a file that ends with .gguf, was '"
              + file
              + "'; load(\""
              + repository
              + "\") reads the whole model");
    }
  }

  /**
   * Reads a name.
   *
   * @return nothing if the text has not the shape of one: a slash between two words
   * @throws IllegalArgumentException if it has, but no repository, revision or file is named so
   */
  public static Optional<HubName> parse(String text) {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.matches()) {
      return Optional.empty();
    }
    String revision = shape.group(2) == null ? MAIN : shape.group(2);
    String file = shape.group(3) == null ? "" : shape.group(3);
    return Optional.of(new HubName(shape.group(1), revision, file));
  }

  HubRepo repo() {
    return new HubRepo(HubRepo.Kind.MODEL, repository, revision);
  }

  /** The name in its shortest spelling; {@link #parse} reads it. */
  public String text() {
    return repo().text() + (file.isEmpty() ? "" : ":" + file);
  }
}
