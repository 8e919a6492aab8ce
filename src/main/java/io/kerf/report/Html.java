package io.kerf.report;

/** Text as HTML holds it: whatever the data hold, a page shows it and never runs it. */
final class Html {
  private Html() {}

  /**
   * The text, {@linkplain Legible legible}, with the five characters that mean something to HTML
   * replaced; "" for null.
   */
  static String escape(String raw) {
    String text = Legible.of(raw);
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
