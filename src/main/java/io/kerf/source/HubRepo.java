package io.kerf.source;

import java.util.regex.Pattern;

/**
 * A repository of the hub at a revision.
 *
 * @param kind what it holds
 * @param id "org/name"; data sets of the first days have a name alone
 * @param revision a branch, a tag or a commit
 */
record HubRepo(Kind kind, String id, String revision) {
  /** What a repository holds, and how its addresses and folders differ. */
  enum Kind {
    MODEL("model", "", "models"),
    DATASET("data set", "datasets/", "datasets");

    /** How messages name it. */
    final String word;

    /** What stands before the repository's name in addresses of pages and files. */
    final String path;

    /** The same in addresses of the interface, and before the name of its folder in the cache. */
    final String plural;

    Kind(String word, String path, String plural) {
      this.word = word;
      this.path = path;
      this.plural = plural;
    }
  }

  /** The revision of those who name none. */
  static final String MAIN = "main";

  private static final Pattern PART =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  HubRepo {
    String[] parts = id.split("/", -1);
    boolean number = parts.length == 2 || parts.length == 1 && kind == Kind.DATASET;
    boolean plain = number && !id.contains("--") && !id.contains("..");
    for (String part : parts) {
      plain &= PART.matcher(part).matches() && !part.endsWith(".git");
    }
    if (!plain) {
      throw new IllegalArgumentException(
          "'"
              + id
              + "' cannot be a "
              + kind.word
              + " on the Hugging Face hub: organisation and name are made of"
              + " letters, digits, '_', and single '-' and '.' between them; a path must exist");
    }
    if (!SafeName.isSafe(revision)) {
      throw new IllegalArgumentException(
          "the revision of " + id + " is a branch, a tag or a commit, was '" + revision + "'");
    }
  }

  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  /** The name of its folder in the cache. */
  String folder() {
    return kind.plural + "--" + id.replace("/", "--");
  }

  /** The name in its shortest spelling. */
  String text() {
    return id + (revision.equals(MAIN) ? "" : "@" + revision);
  }
}
