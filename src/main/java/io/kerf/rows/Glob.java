package io.kerf.rows;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of paths as data sets write them: {@code *} within a folder, {@code **} through
 * folders.
 */
record Glob(String text, Pattern pattern) {
  private static final int MAX_LENGTH = 500;

  /**
   * Reads a pattern: {@code ?}, {@code [0-9]} and {@code {a,b}} mean what they usually do.
   *
   * @throws RowsException if it is none
   */
  static Glob of(String text, String where) {
    String plain = text.startsWith("./") ? text.substring(2) : text;
    if (plain.length() > MAX_LENGTH || plain.contains("://") || plain.isBlank()) {
      throw new RowsException(
          where + " must be a pattern of files in the data set, was '" + text + "'");
    }
    StringBuilder regex = new StringBuilder();
    boolean inBraces = false;
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      int closed = c == '[' ? plain.indexOf(']', i + 2) : -1;
      if (plain.startsWith("**/", i)) {
        regex.append("(?:[^/]*/)*+");
        i += 2;
      } else if (plain.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (closed > 0) {
        String set = plain.substring(i + 1, closed).replaceAll("[\\\\\\[&^]", "\\\\$0");
        regex.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set).append(']');
        i = closed;
      } else if (c == '{' && plain.indexOf('}', i) > 0) {
        inBraces = true;
        regex.append("(?:");
      } else if (inBraces && (c == ',' || c == '}')) {
        inBraces = c == ',';
        regex.append(c == ',' ? "|" : ")");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    try {
      return new Glob(text, Pattern.compile(regex.toString()));
    } catch (PatternSyntaxException e) {
      throw new RowsException(where + " is no pattern of files: '" + text + "'", e);
    }
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }
}
