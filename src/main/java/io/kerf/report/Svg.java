package io.kerf.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes an SVG document fit to stand in a page beside others: no prologue, ids of its own, numbers
 * no finer than the eye, and a title that a screen reader says.
 */
final class Svg {
  private static final Pattern PROLOGUE = Pattern.compile("(?s)^.*?(?=<svg)");
  private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{3,}(?:E-?\\d+)?");
  private static final Pattern PIXELS = Pattern.compile("(\\b(?:width|height|x|y)=\"\\d+)px\"");
  private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]+)\"");
  private static final Pattern BETWEEN_TAGS = Pattern.compile(">\\s+<");

  /** A line to nowhere: the error bar of a score whose error is not known. */
  private static final Pattern NOWHERE =
      Pattern.compile("<(?:line|path|rect)\\b[^>]*\\bNaN\\b[^>]*/>");

  private Svg() {}

  /**
   * The document for a page.
   *
   * @param title what the picture is called, any text
   */
  static String inPage(String document, String title) {
    String svg = PROLOGUE.matcher(document).replaceFirst("").strip();
    svg = BETWEEN_TAGS.matcher(svg).replaceAll("><");
    svg = NOWHERE.matcher(svg).replaceAll("");
    svg = PIXELS.matcher(svg).replaceAll("$1\"");
    svg = LONG_NUMBER.matcher(svg).replaceAll(number -> rounded(number.group()));
    svg = ownIds(svg);
    return svg.replaceFirst(
        "<svg ([^>]*)>",
        Matcher.quoteReplacement("<svg role=\"img\" style=\"max-width:100%;height:auto\" ")
            + "$1>"
            + Matcher.quoteReplacement("<title>" + Html.escape(title) + "</title>"));
  }

  /** Hundredths of a pixel. */
  private static String rounded(String number) {
    double value = Math.round(Double.parseDouble(number) * 100) / 100.0;
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** Renames ids after the content, so that two pictures in one page cut with their own clips. */
  private static String ownIds(String svg) {
    int index = 0;
    Matcher ids = ID.matcher(svg);
    String renamed = svg;
    // The drawing's own ids differ from run to run; without them the same chart hashes alike.
    String prefix =
        "kerf-"
            + Integer.toHexString(ids.replaceAll("").replaceAll("url\\(#[^)]*\\)", "").hashCode())
            + "-";
    ids.reset();
    while (ids.find()) {
      String id = ids.group(1);
      String own = prefix + index++;
      renamed =
          renamed
              .replace("id=\"" + id + "\"", "id=\"" + own + "\"")
              .replace("url(#" + id + ")", "url(#" + own + ")")
              .replace("href=\"#" + id + "\"", "href=\"#" + own + "\"");
    }
    return renamed;
  }
}
