package io.kerf.text;

import io.kerf.format.FormatException;

/**
 * Checks that a regular expression can be matched by going back over a text at most once.
 *
 * <p>The native library gives up on an expression that backtracks too often by ending the process.
 * So only plain syntax passes, no repetition of what varies itself, and nothing that may fail
 * behind two repetitions without bound. All patterns by which published models split text pass.
 */
final class BoundedRegex {
  private static final int MAX_LENGTH = 4096;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_TIMES = 1000;
  private static final int FEW_TIMES = 16; // from here on a bound counts as none
  private static final String KNOWN_ESCAPES = "sSdDwWhHrntfvaebBAzZpPxu";

  private final String where;
  private final String pattern;
  private int at;

  private BoundedRegex(String where, String pattern) {
    this.where = where;
    this.pattern = pattern;
  }

  /**
   * What a part of an expression may do.
   *
   * @param loops repetitions without bound, one behind another
   * @param varies whether it matches in more than one way
   * @param fails whether it may fail to match
   * @param empty whether it may match without a character
   */
  private record Part(int loops, boolean varies, boolean fails, boolean empty) {}

  /**
   * Checks an expression.
   *
   * @return whether it may match without a character
   * @throws FormatException naming the place
   */
  static boolean check(String where, String pattern) {
    BoundedRegex regex = new BoundedRegex(where, pattern);
    if (pattern.length() > MAX_LENGTH) {
      throw new FormatException(
          where + " has " + pattern.length() + " characters, more than " + MAX_LENGTH);
    }
    Part whole = regex.alternatives(0);
    if (regex.at < pattern.length()) {
      throw regex.wrong("')' closes nothing");
    }
    return whole.empty;
  }

  private Part alternatives(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("groups nest more than " + MAX_DEPTH + " deep");
    }
    Part all = branch(depth);
    while (at < pattern.length() && pattern.charAt(at) == '|') {
      at++;
      Part next = branch(depth);
      all =
          new Part(
              Math.max(all.loops, next.loops),
              true,
              all.fails || next.fails,
              all.empty || next.empty);
    }
    return all;
  }

  private Part branch(int depth) {
    int loops = 0;
    boolean varies = false;
    boolean fails = false;
    boolean empty = true;
    while (at < pattern.length() && "|)".indexOf(pattern.charAt(at)) < 0) {
      int start = at;
      boolean lookaround = pattern.startsWith("(?=", at) || pattern.startsWith("(?!", at);
      lookaround |= pattern.startsWith("(?<", at);
      Part part = repeated(atom(depth), start);
      if (part.fails && loops + (lookaround ? part.loops : 0) > 1) {
        throw wrong("behind two repetitions without bound something may fail, at " + start);
      }
      loops += lookaround ? 0 : part.loops;
      varies |= part.varies;
      fails |= part.fails;
      empty &= part.empty || lookaround;
    }
    return new Part(loops, varies, fails, empty);
  }

  private Part atom(int depth) {
    char c = pattern.charAt(at++);
    switch (c) {
      case '(' -> {
        return group(depth);
      }
      case '[' -> characterClass(0);
      case '\\' -> {
        escape();
        return new Part(0, false, true, "bBAzZ".indexOf(pattern.charAt(at - 1)) >= 0);
      }
      case '*', '+', '?', '{' -> throw wrong("'" + c + "' repeats nothing; a literal is \\" + c);
      default -> {} // itself, any character, or a place
    }
    return new Part(0, false, true, c == '^' || c == '$');
  }

  private Part group(int depth) {
    if (at < pattern.length() && pattern.charAt(at) == '?') {
      for (String kind : new String[] {"?:", "?i:", "?=", "?!", "?<=", "?<!", "?i)"}) {
        if (pattern.startsWith(kind, at)) {
          at += kind.length();
          return kind.equals("?i)") ? new Part(0, false, false, true) : closed(depth);
        }
      }
      throw wrong("a group of this kind is not supported");
    }
    return closed(depth);
  }

  private Part closed(int depth) {
    Part inner = alternatives(depth + 1);
    if (at == pattern.length()) {
      throw wrong("a group is not closed");
    }
    at++;
    return inner;
  }

  private void characterClass(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("classes nest more than " + MAX_DEPTH + " deep");
    }
    at += at < pattern.length() && pattern.charAt(at) == '^' ? 1 : 0;
    for (boolean first = true; at < pattern.length(); first = false) {
      char c = pattern.charAt(at++);
      if (c == ']' && !first) {
        return;
      }
      if (c == '[') {
        characterClass(depth + 1);
      } else if (c == '\\') {
        escape();
      }
    }
    throw wrong("a class is not closed");
  }

  private void escape() {
    if (at == pattern.length()) {
      throw wrong("'\\' stands last");
    }
    char c = pattern.charAt(at++);
    boolean word = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    if (word && KNOWN_ESCAPES.indexOf(c) < 0) {
      throw wrong("\\" + c + " is not supported");
    }
    if ((c == 'p' || c == 'P' || c == 'x') && at < pattern.length() && pattern.charAt(at) == '{') {
      at = pattern.indexOf('}', at) + 1;
      if (at == 0) {
        at = pattern.length();
        throw wrong("\\" + c + "{ is not closed");
      }
    }
  }

  /** The quantifier behind an atom, if there is one. */
  private Part repeated(Part atom, int start) {
    if (at == pattern.length() || "*+?{".indexOf(pattern.charAt(at)) < 0) {
      return atom;
    }
    char kind = pattern.charAt(at++);
    int least = kind == '+' ? 1 : 0;
    int most = kind == '?' ? 1 : MAX_TIMES;
    if (kind == '{') {
      int end = pattern.indexOf('}', at);
      String times = end < 0 ? "" : pattern.substring(at, end);
      if (!times.matches("\\d{1,3}(,\\d{0,3})?")) {
        throw wrong("'{' must be followed by how often, up to 999; a literal is \\{");
      }
      String[] bounds = times.split(",", -1);
      least = Integer.parseInt(bounds[0]);
      String last = bounds[bounds.length - 1];
      most = last.isEmpty() ? MAX_TIMES : Integer.parseInt(last);
      at = end + 1;
    }
    if (at < pattern.length()) {
      char next = pattern.charAt(at);
      if (next == '?' || next == '+' && kind != '{') {
        at++; // lazy, or never given back
      }
    }
    if (at < pattern.length() && "*+?{".indexOf(pattern.charAt(at)) >= 0) {
      throw wrong("a repetition is repeated");
    }
    if (most > 1 && (atom.varies || atom.loops > 0)) {
      throw wrong("what varies is repeated, from " + start);
    }
    boolean varies = atom.varies || least != most;
    int loops = varies && most >= FEW_TIMES ? 1 : atom.loops;
    return new Part(loops, varies, atom.fails && least > 0, atom.empty || least == 0);
  }

  private FormatException wrong(String what) {
    return new FormatException(
        where
            + " '"
            + (pattern.length() > 200 ? pattern.substring(0, 200) + "..." : pattern)
            + "' is not a regular expression that is safe to run: before character "
            + at
            + ": "
            + what);
  }
}
