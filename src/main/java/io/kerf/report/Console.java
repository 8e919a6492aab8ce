package io.kerf.report;

import io.kerf.progress.ProgressListener;
import io.kerf.train.TrainingListener;
import java.io.PrintStream;

/**
 * A terminal: results as text on standard output, progress as one line that rewrites itself on
 * standard error. Where no terminal is attached, a piece of work is a single line when it ends, a
 * training one every half a minute.
 */
final class Console implements Screen {
  private static final int LINE_COLUMNS = 110;
  private static final long LINE_NANOS = 30_000_000_000L; // between the lines of a training

  private final PrintStream out;
  private final PrintStream err;
  private final boolean rewrites;

  Console(PrintStream out, PrintStream err, boolean rewrites) {
    this.out = out;
    this.err = err;
    this.rewrites = rewrites;
  }

  static Console ofSystem() {
    return new Console(System.out, System.err, System.console() != null);
  }

  @Override
  public String name() {
    return "console";
  }

  @Override
  public void show(Object value) {
    out.println(Rendering.of(value).get(Rendering.TEXT));
  }

  @Override
  public ProgressListener progress() {
    return LiveProgress.listener(() -> this::paint);
  }

  @Override
  public TrainingListener training() {
    return LiveTraining.listener(
        () -> this::paint, rewrites ? LiveTraining.LEAST_NANOS : LINE_NANOS);
  }

  private void paint(Pace pace) {
    if (rewrites) {
      rewrite(pace.text(), pace.ended());
    } else if (pace.ended()) {
      err.println(pace.text());
      err.flush();
    }
  }

  private void paint(TrainingView view) {
    if (rewrites) {
      rewrite(view.text(), view.ended());
    } else if (view.ended() || !view.done().isEmpty()) {
      err.println(view.text());
      err.flush();
    }
  }

  private void rewrite(String line, boolean last) {
    int columns = Math.max(LINE_COLUMNS, line.length());
    err.print("\r" + line + " ".repeat(columns - line.length()));
    if (last) {
      err.println();
    }
    err.flush();
  }
}
