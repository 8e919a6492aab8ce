package io.kerf.report;

import io.kerf.eval.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.knowm.xchart.internal.chartpart.Chart;

/** A comparison in one sentence, and the page on which it stands above tables and charts. */
final class ComparisonText {
  private ComparisonText() {}

  /**
   * "Of 305 facts 43 were known; 12 were lost, 5 gained (McNemar p = 0.14, flip rate 5.6 %)".
   *
   * @param item one of them, "fact"
   * @param right "known"
   */
  static String sentence(String item, String right, Paired paired) {
    long before = paired.kept() + paired.lost();
    return String.format(
        Locale.ROOT,
        "Of %,d %s %,d %s %s; %,d %s lost, %,d gained (McNemar p %s, flip rate %.1f %%)",
        paired.items(),
        paired.items() == 1 ? item : item + "s",
        before,
        before == 1 ? "was" : "were",
        right,
        paired.lost(),
        paired.lost() == 1 ? "was" : "were",
        paired.gained(),
        p(paired.mcNemar()),
        100 * paired.flipRate());
  }

  /** "= 0.14", "= 0.0031", "< 0.0001". */
  private static String p(double p) {
    if (p < 0.0001) {
      return "< 0.0001";
    }
    int decimals = p >= 0.1 ? 2 : p >= 0.01 ? 3 : 4;
    return "= " + String.format(Locale.ROOT, "%." + decimals + "f", p);
  }

  /** The sentence, and tables and charts below it; a chart as PNG, however many points it has. */
  static String html(String sentence, List<?> parts) {
    StringBuilder html = new StringBuilder("<p style=\"font-size:15px;margin:.4em 0 .8em .5em\">");
    html.append(Html.escape(sentence)).append(".</p>");
    for (Object part : parts) {
      if (part instanceof Chart<?, ?> chart) {
        html.append(Picture.html(chart, true));
      } else {
        html.append(Rendering.of(part).get(Rendering.HTML));
      }
    }
    return html.toString();
  }

  static String text(String sentence, List<?> parts) {
    List<String> texts = new ArrayList<>(List.of(sentence + "."));
    parts.forEach(part -> texts.add(Rendering.of(part).get(Rendering.TEXT)));
    return texts.stream().collect(Collectors.joining("\n\n"));
  }
}
