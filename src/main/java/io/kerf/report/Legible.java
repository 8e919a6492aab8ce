package io.kerf.report;

/**
 * Text as it can be shown anywhere: control characters, which a terminal obeys and a drawing cannot
 * hold, and those that turn round the direction of what stands beside them are shown as U+FFFD.
 * Line breaks, tabs and the marks of right-to-left scripts stay.
 */
final class Legible {
  private static final char UNSHOWN = '\uFFFD';

  private Legible() {}

  /** The text; "" for null. */
  static String of(String text) {
    if (text == null) {
      return "";
    }
    StringBuilder legible = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean paired =
          Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1))
              || Character.isLowSurrogate(c)
                  && i > 0
                  && Character.isHighSurrogate(text.charAt(i - 1));
      legible.append(shown(c) && (paired || !Character.isSurrogate(c)) ? c : UNSHOWN);
    }
    return legible.toString();
  }

  /** The same on one line: breaks and tabs are spaces. */
  static String line(String text) {
    return of(text).replaceAll("[\\n\\r\\t]", " ");
  }

  private static boolean shown(char c) {
    boolean space = c == '\n' || c == '\r' || c == '\t';
    boolean turns = c >= '\u202A' && c <= '\u202E' || c >= '\u2066' && c <= '\u2069';
    return (space || !Character.isISOControl(c)) && !turns && c < '\uFFFE';
  }
}
