package io.kerf.report;

import java.util.Locale;

/**
 * A progress bar as HTML. Its colours are translucent or the page's own, so that it reads on a
 * light and on a dark page.
 */
final class ProgressHtml {
  private static final String RUNNING = "#0072B2";
  private static final String DONE = "#009E73";
  private static final String STOPPED = "#E69F00";

  private ProgressHtml() {}

  static String of(Pace pace) {
    String colour = !pace.ended() ? RUNNING : pace.whole() ? DONE : STOPPED;
    StringBuilder html = new StringBuilder(700);
    html.append("<div class=\"kerf-progress\" ")
        .append("style=\"max-width:46em;margin:.25em 0;font-size:13px;line-height:1.5\">")
        .append("<div style=\"display:flex;gap:1em;justify-content:space-between\">")
        .append("<span style=\"font-weight:600\">")
        .append(Html.escape(pace.label()));
    if (!pace.note().isEmpty()) {
      html.append("<span style=\"font-weight:400;opacity:.7;margin-left:.8em\">")
          .append(Html.escape(pace.note()))
          .append("</span>");
    }
    html.append("</span><span style=\"font-variant-numeric:tabular-nums;white-space:nowrap\">")
        .append(state(pace))
        .append("</span></div>")
        .append("<div style=\"height:6px;margin:.2em 0;border-radius:3px;overflow:hidden;")
        .append("background:rgba(128,128,128,.22)\"><div style=\"height:100%;border-radius:3px;")
        .append(String.format(Locale.ROOT, "width:%.1f%%;", 100 * pace.fraction()))
        .append("background:")
        .append(colour)
        .append("\"></div></div>")
        .append("<div style=\"opacity:.7;font-variant-numeric:tabular-nums\">")
        .append(Html.escape(pace.amount()))
        .append(" &#183; ")
        .append(Html.escape(pace.timing().replace(", ", " \u00b7 ")))
        .append("</div></div>");
    return html.toString();
  }

  private static String state(Pace pace) {
    if (!pace.ended()) {
      return pace.total() > 0 ? (int) (100 * pace.fraction()) + " %" : "";
    }
    return pace.whole() ? "done" : "stopped at " + (int) (100 * pace.fraction()) + " %";
  }
}
