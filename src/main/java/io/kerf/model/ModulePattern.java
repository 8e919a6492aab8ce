package io.kerf.model;

import io.kerf.format.FormatException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a file, matched against the names of modules for no more than so many
 * looks at a character: files are untrusted, and an expression may backtrack for years.
 */
final class ModulePattern {
  private static final int MAX_LENGTH = 4096;
  private static final int SHOWN = 200; // characters of it in an error
  private static final int MAX_GROUPS = 64;
  private static final int MAX_LOOKS = 1_000_000;
  private static final Pattern REPEATED_GROUP = Pattern.compile("\\)\\s*\\{"); // without a look
  private static final Pattern MANY_TIMES = Pattern.compile("\\{\\s*\\d*,?\\d{4}");

  private final String where;
  private final Pattern pattern;

  private ModulePattern(String where, Pattern pattern) {
    this.where = where;
    this.pattern = pattern;
  }

  /**
   * An expression.
   *
   * @param where file and field, for errors
   * @throws FormatException if it is none, or one that might not end
   */
  static ModulePattern of(String where, String regex) {
    if (regex.length() > MAX_LENGTH
        || regex.chars().filter(c -> c == '(').count() > MAX_GROUPS
        || REPEATED_GROUP.matcher(regex).find()
        || MANY_TIMES.matcher(regex).find()) {
      throw new FormatException(
          where
              + ": '"
              + (regex.length() > SHOWN ? regex.substring(0, SHOWN) + "..." : regex)
              + "' is longer than "
              + MAX_LENGTH
              + " characters, has more than "
              + MAX_GROUPS
              + " groups or repeats one by {n}; such expressions are not matched, list the modules");
    }
    try {
      return new ModulePattern(where, Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw new FormatException(
          where + ": '" + regex + "' is no regular expression: " + e.getDescription());
    }
  }

  /** Whether it is the whole of a name. */
  boolean matches(String name) {
    try {
      return pattern.matcher(new Counted(name)).matches();
    } catch (StackOverflowError e) {
      throw endless();
    }
  }

  private FormatException endless() {
    return new FormatException(
        where + ": '" + pattern + "' takes too long to match; list the modules by their names");
  }

  private final class Counted implements CharSequence {
    private final String text;
    private int looks;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++looks > MAX_LOOKS) {
        throw endless();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }
  }
}
