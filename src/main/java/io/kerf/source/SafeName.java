package io.kerf.source;

import java.util.regex.Pattern;

/**
 * Names of files from outside, which become paths here: relative, with '/' between folders, and
 * never leading out of the folder they are put into.
 */
final class SafeName {
  // A backslash and a colon lead elsewhere on Windows; nothing prints control characters.
  private static final Pattern FORBIDDEN = Pattern.compile("[\\\\:\\p{Cntrl}]");

  private SafeName() {}

  /**
   * Returns the name if it is one.
   *
   * @param what what is named, for the message
   * @throws FetchException if it could lead elsewhere
   */
  static String check(String what, String name) {
    if (!isSafe(name)) {
      throw new FetchException(
          what
              + " is named '"
              + name.replaceAll("\\p{Cntrl}", "?")
              + "', which could lead out of its folder; names are relative, without '..', '\\', ':'"
              + " and control characters");
    }
    return name;
  }

  /** Whether the name stays where it is put. */
  static boolean isSafe(String name) {
    boolean safe = !FORBIDDEN.matcher(name).find();
    for (String part : name.split("/", -1)) {
      safe &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    return safe;
  }
}
