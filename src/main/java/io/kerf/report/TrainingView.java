package io.kerf.report;

import io.kerf.train.TrainingLog;
import io.kerf.train.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far a training is and how its loss falls, at one moment: a line of numbers, and above it in a
 * notebook the {@linkplain LossChart chart}.
 *
 * @param label what is trained
 * @param steps how many in all; 0 where unknown
 * @param tokens how many in all; 0 where unknown
 * @param done the steps so far
 * @param ended whether the training has ended, whole or stopped
 */
public record TrainingView(
    String label, int steps, long tokens, List<TrainingStep> done, boolean ended) implements Shown {
  public TrainingView {
    done = List.copyOf(done);
  }

  /**
   * "step 12 of 25, 24,576 of 51,200 tokens, 201 tokens/s, 2:12 left, loss 4.312" while it runs,
   * "25 steps, 51,200 tokens, 201 tokens/s, 4:14, loss 3.614" when it has ended.
   */
  public String line() {
    return String.join(", ", parts());
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    if (done.isEmpty()) {
      parts.add(ended ? "stopped before the first step" : "before the first step");
      return parts;
    }
    TrainingStep last = done.get(done.size() - 1);
    double perSecond = TrainingLog.tokensPerSecond(done);
    if (ended && whole()) {
      parts.add(count(last.step()) + (last.step() == 1 ? " step" : " steps"));
      parts.add(count(last.tokens()) + " tokens");
    } else {
      parts.add((ended ? "stopped after step " : "step ") + of(last.step(), steps));
      parts.add(of(last.tokens(), tokens) + " tokens");
    }
    if (!Double.isNaN(perSecond)) {
      parts.add(Amounts.rate(perSecond) + " tokens/s");
    }
    if (ended) {
      parts.add(Amounts.clock(done.stream().mapToDouble(TrainingStep::seconds).sum()));
    } else if (tokens > 0 && perSecond > 0) {
      parts.add(Amounts.clock(Math.max(0, tokens - last.tokens()) / perSecond) + " left");
    }
    parts.add(String.format(Locale.ROOT, "loss %.3f", last.loss()));
    return parts;
  }

  private boolean whole() {
    return steps <= 0 || done.get(done.size() - 1).step() >= steps;
  }

  private static String of(long part, long all) {
    return all > 0 ? count(part) + " of " + count(all) : count(part);
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The picture and the line below it. */
  @Override
  public String html() {
    StringBuilder html = new StringBuilder("<div class=\"kerf-training\">");
    html.append(LossChart.drawable(done) ? picture() : title());
    html.append("<div style=\"margin:.25em 0 .25em 1em;font-size:13px;")
        .append("font-variant-numeric:tabular-nums\">")
        .append(Html.escape(String.join(" \u00b7 ", parts())))
        .append("</div></div>");
    return html.toString();
  }

  /** As PNG, which takes a third of the time of SVG; sharp when it is the last. */
  private String picture() {
    try {
      return "<div>" + Picture.html(LossChart.of(label, done), ended) + "</div>";
    } catch (IllegalStateException e) { // no fonts: no reason to end a training
      return title() + "<div>" + Html.escape(e.getMessage()) + "</div>";
    }
  }

  private String title() {
    return "<div style=\"font-weight:600\">" + Html.escape(label) + "</div>";
  }

  /** One line, for a terminal. */
  @Override
  public String text() {
    return Legible.line(label) + ": " + line();
  }
}
