package io.kerf.report;

import java.util.Locale;

/**
 * How far a piece of work is and how fast it goes, at one moment.
 *
 * @param label what the work is
 * @param done units done
 * @param total units in all; 0 where unknown
 * @param unit what a unit is; "bytes" is written as kB, MB and GB
 * @param elapsedNanos since the work began
 * @param note a short text beside the bar, may be empty
 * @param ended whether the work has ended, whole or stopped
 */
public record Pace(
    String label, long done, long total, String unit, long elapsedNanos, String note, boolean ended)
    implements Shown {

  /** Whether all of it is done; where the total is unknown, there is nothing that it lacks. */
  public boolean whole() {
    return total <= 0 || done >= total;
  }

  /** Share done, 0..1; 0 where the total is unknown and the work goes on. */
  public double fraction() {
    if (total <= 0) {
      return ended ? 1 : 0;
    }
    return Math.min(1, Math.max(0, (double) done / total));
  }

  public double elapsedSeconds() {
    return elapsedNanos * 1e-9;
  }

  /** Units a second so far. */
  public double rate() {
    return elapsedNanos <= 0 ? 0 : done / elapsedSeconds();
  }

  /** Seconds still to go at the pace so far; NaN where nothing can be said yet. */
  public double remainingSeconds() {
    if (total <= 0 || done <= 0 || ended) {
      return Double.NaN;
    }
    return Math.max(0, total - done) / rate();
  }

  /** "120 / 400 requests", "12.4 / 433 MB". */
  String amount() {
    if (unit.equals("bytes")) {
      return total > 0 ? Amounts.bytes(done) + " / " + Amounts.bytes(total) : Amounts.bytes(done);
    }
    String count = String.format(Locale.ROOT, "%,d", done);
    return (total > 0 ? count + String.format(Locale.ROOT, " / %,d", total) : count) + " " + unit;
  }

  /** "0:12, 0:28 left, 41.2 requests/s" while it runs, "0:40, ..." when it has ended. */
  String timing() {
    StringBuilder text = new StringBuilder(Amounts.clock(elapsedSeconds()));
    double left = remainingSeconds();
    if (!Double.isNaN(left)) {
      text.append(", ").append(Amounts.clock(left)).append(" left");
    }
    if (done > 0 && elapsedNanos > 0) {
      text.append(", ")
          .append(unit.equals("bytes") ? Amounts.bytes((long) rate()) : Amounts.rate(rate()))
          .append(unit.equals("bytes") ? "/s" : " " + unit + "/s");
    }
    return text.toString();
  }

  /** A bar with its numbers, drawn with inline styles alone so that it looks alike everywhere. */
  @Override
  public String html() {
    return ProgressHtml.of(this);
  }

  /** One line, for a terminal. */
  @Override
  public String text() {
    StringBuilder line = new StringBuilder(label).append(' ');
    if (total > 0) {
      int cells = 20;
      int full = (int) (fraction() * cells);
      line.append('[').append("#".repeat(full)).append(".".repeat(cells - full)).append("] ");
      line.append(String.format(Locale.ROOT, "%3d%% ", (int) (100 * fraction())));
    }
    line.append(amount()).append(", ").append(timing());
    if (ended && !whole()) {
      line.append(", stopped");
    }
    if (!note.isEmpty()) {
      line.append("  ").append(note);
    }
    return line.toString();
  }
}
