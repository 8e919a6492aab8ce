package io.kerf.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of rows in a data set, and what its path says: {@code
 * anatomy/validation-00000-of-00002.parquet} and {@code validation/anatomy_val.csv} are of the
 * configuration "anatomy".
 *
 * @param configuration "" where the path names none
 * @param split as the path names it; "" where it does not
 * @param shards how many files the split is made of, as the name says; 1 where it does not
 */
record Candidate(String path, RowKind kind, String configuration, String split, int shards) {
  /** What splits are called, and what is meant. */
  private static final Map<String, String> SPLITS =
      Map.ofEntries(
          Map.entry("train", "train"),
          Map.entry("training", "train"),
          Map.entry("validation", "validation"),
          Map.entry("valid", "validation"),
          Map.entry("val", "validation"),
          Map.entry("dev", "validation"),
          Map.entry("test", "test"),
          Map.entry("testing", "test"),
          Map.entry("eval", "test"),
          Map.entry("evaluation", "test"));

  private static final Pattern SHARD =
      Pattern.compile("(.+?)-([0-9]{5})-of-([0-9]{5})(?:-[0-9a-f]{16})?");
  private static final Pattern CONVERTED = Pattern.compile("[0-9]{4}"); // of refs/convert/parquet

  /**
   * What a path says.
   *
   * @param asked the split that is looked for, which may have any name
   * @return nothing if it is no file of rows
   */
  static Optional<Candidate> of(String path, String asked) {
    List<String> folders = new ArrayList<>(Arrays.asList(path.split("/")));
    String name = folders.remove(folders.size() - 1);
    boolean hidden = path.startsWith(".") || path.contains("/.");
    return RowKind.of(name)
        .filter(kind -> !hidden && !isAbout(name))
        .map(kind -> of(path, kind, folders, kind.stem(name), asked));
  }

  /** Files that describe a data set and hold none of its rows. */
  private static boolean isAbout(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("dataset_infos.json")
        || lower.equals("dataset_info.json")
        || lower.equals("dataset_dict.json")
        || lower.equals("state.json");
  }

  private static Candidate of(
      String path, RowKind kind, List<String> folders, String stem, String asked) {
    if (!folders.isEmpty() && folders.get(0).equals("data")) {
      folders.remove(0);
    }
    String last = folders.isEmpty() ? "" : folders.get(folders.size() - 1);
    boolean converted = CONVERTED.matcher(stem).matches() && !last.isEmpty();
    Matcher shard = SHARD.matcher(stem);
    if (shard.matches()) { // as Python's datasets writes them: a split of any name
      int shards = Integer.parseInt(shard.group(3));
      return new Candidate(path, kind, String.join("/", folders), shard.group(1), shards);
    }
    String split = converted || isSplit(last, asked) ? last : "";
    if (!split.isEmpty()) {
      folders.remove(folders.size() - 1);
    }
    String before = beforeSplit(stem, asked);
    String own = before == null ? beginning(stem, asked) : stem.substring(before.length());
    split = split.isEmpty() ? own.replaceFirst("^[-_.]", "") : split;
    String configuration = String.join("/", folders);
    return new Candidate(
        path, kind, configuration.isEmpty() && before != null ? before : configuration, split, 1);
  }

  /** What stands before the split that a word ends with, "anatomy" in "anatomy_val"; or null. */
  private static String beforeSplit(String word, String asked) {
    if (isSplit(word, asked)) {
      return "";
    }
    for (int at = 1; at < word.length() - 1; at++) {
      if ("-_.".indexOf(word.charAt(at)) >= 0 && isSplit(word.substring(at + 1), asked)) {
        return word.substring(0, at);
      }
    }
    return null;
  }

  /** The split that a word begins with, "train" in "train_2"; or "". */
  private static String beginning(String word, String asked) {
    for (int at = 1; at < word.length(); at++) {
      if ("-_.".indexOf(word.charAt(at)) >= 0 && isSplit(word.substring(0, at), asked)) {
        return word.substring(0, at);
      }
    }
    return "";
  }

  private static boolean isSplit(String word, String asked) {
    return word.equals(asked) || SPLITS.containsKey(word.toLowerCase(Locale.ROOT));
  }

  /**
   * What a split is usually called: "validation" for "dev"; itself where it has a name of its own.
   */
  static String usual(String split) {
    return SPLITS.getOrDefault(split.toLowerCase(Locale.ROOT), split);
  }
}
