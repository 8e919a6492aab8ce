package io.kerf.report;

import io.kerf.progress.ProgressListener;
import java.io.PrintStream;

/**
 * A terminal: results as text on standard output, progress as one line that rewrites itself on
 * standard error. Where no terminal is attached, a piece of work is a single line when it ends.
 */
final class Console implements Screen {
  private static final int LINE_COLUMNS = 110;

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

  private void paint(Pace pace) {
    if (rewrites) {
      String line = pace.text();
      int columns = Math.max(LINE_COLUMNS, line.length());
      err.print("\r" + line + " ".repeat(columns - line.length()));
    } else if (!pace.ended()) {
      return;
    } else {
      err.print(pace.text());
    }
    if (pace.ended()) {
      err.println();
    }
    err.flush();
  }
}
