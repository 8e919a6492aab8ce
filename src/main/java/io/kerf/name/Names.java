package io.kerf.name;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Guesses which known name was meant by one that is not known. */
public final class Names {
  private Names() {}

  /**
   * The error for a name that nothing has: {@code Unknown task 'bolq'. Did you mean: boolq? Known:
   * arc_easy, boolq, piqa}.
   *
   * @param kind what was to be named: "task", "model", "scope"
   * @param given the name as typed
   * @param known all there are, in the order in which they are to be listed
   */
  public static UnknownNameException unknown(String kind, String given, Collection<String> known) {
    List<String> meant = meant(given, known);
    return new UnknownNameException(
        "Unknown "
            + kind
            + " '"
            + given
            + "'."
            + (meant.isEmpty() ? "" : " Did you mean: " + String.join(", ", meant) + "?")
            + " Known: "
            + String.join(", ", known));
  }

  /**
   * The known names that may have been meant, closest first, at most three: those that the given
   * name begins, and those that at most a third of the longer name's letters set apart from it; of
   * these the closest and what is one edit farther. Case and the difference of '-', '_', '.' and
   * space do not count.
   */
  public static List<String> meant(String given, Collection<String> known) {
    String typed = plain(given);
    List<String> near = known.stream().filter(name -> mayMean(typed, plain(name))).toList();
    int closest = near.stream().mapToInt(name -> distance(typed, plain(name))).min().orElse(0);
    return near.stream()
        .filter(name -> distance(typed, plain(name)) <= closest + 1)
        .sorted(Comparator.comparingInt(name -> distance(typed, plain(name))))
        .limit(3)
        .toList();
  }

  private static boolean mayMean(String typed, String name) {
    return distance(typed, name) <= Math.max(1, Math.max(typed.length(), name.length()) / 3);
  }

  private static int distance(String typed, String name) {
    boolean begun = typed.length() >= 3 && name.startsWith(typed) && !name.equals(typed);
    return begun ? 1 : edits(typed, name);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]+", "-");
  }

  /**
   * How many characters must be inserted, deleted, replaced or swapped with their neighbour to turn
   * one text into the other (optimal string alignment: no character is edited twice).
   */
  static int edits(String from, String to) {
    int[] beforeLast = new int[to.length() + 1];
    int[] last = new int[to.length() + 1]; // last[j]: edits from the rows so far to to[0, j)
    for (int j = 0; j <= to.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], last[j]));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[to.length()];
  }
}
