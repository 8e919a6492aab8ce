package io.kerf.eval;

import java.util.regex.Pattern;

/**
 * White space as Python's {@code str} sees it, by which the harness trims contexts and counts
 * words.
 */
public final class Whitespace {
  /** A character class for regular expressions. */
  public static final String CLASS =
      "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

  private static final Pattern RUN = Pattern.compile(CLASS + "+");
  private static final Pattern AT_END = Pattern.compile(CLASS + "+\\z");

  private Whitespace() {}

  /** Where the text's trailing white space begins: its length where there is none. */
  public static int trailing(String text) {
    var end = AT_END.matcher(text);
    return end.find() ? end.start() : text.length();
  }

  /**
   * The number of pieces between runs of white space; white space at either end makes an empty
   * piece that counts, as {@code len(re.split(r"\s+", text))} does.
   */
  public static int pieces(String text) {
    return RUN.split(text, -1).length;
  }
}
