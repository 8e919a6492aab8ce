package io.kerf.report;

import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Progress that paints itself: when it starts, then at most ten times a second, and once more when
 * it ends. {@link #advance} costs an addition and a look at the clock and may come from any thread.
 *
 * <p>An interrupt passes through untouched, see {@link Undisturbed}.
 */
public final class LiveProgress implements Progress {
  /** Oftener than this a screen only flickers. */
  static final long INTERVAL_NANOS = 100_000_000L;

  private final String label;
  private final long total;
  private final String unit;
  private final LongSupplier nanoTime;
  private final Consumer<Pace> painter;
  private final long startNanos;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong paintedNanos;
  private volatile String note = "";
  private boolean ended;

  LiveProgress(
      String label, long total, String unit, LongSupplier nanoTime, Consumer<Pace> painter) {
    this.label = label;
    this.total = total;
    this.unit = unit;
    this.nanoTime = nanoTime;
    this.painter = painter;
    this.startNanos = nanoTime.getAsLong();
    this.paintedNanos = new AtomicLong(startNanos);
    paint(startNanos);
  }

  /**
   * A listener that gives each piece of work a painter of its own.
   *
   * @param painters gives the painter, which is called with every state to be seen, the last of
   *     them {@link Pace#ended()}
   */
  public static ProgressListener listener(Supplier<Consumer<Pace>> painters) {
    return (label, total, unit) ->
        new LiveProgress(label, total, unit, System::nanoTime, painters.get());
  }

  @Override
  public void advance(long units) {
    done.addAndGet(units);
    paintIfDue();
  }

  @Override
  public void note(String text) {
    note = text;
    paintIfDue();
  }

  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      paint(nanoTime.getAsLong());
    }
  }

  private void paintIfDue() {
    long now = nanoTime.getAsLong();
    long last = paintedNanos.get();
    if (now - last >= INTERVAL_NANOS && paintedNanos.compareAndSet(last, now)) {
      paint(now);
    }
  }

  private synchronized void paint(long now) {
    Undisturbed.run(
        () ->
            painter.accept(
                new Pace(label, done.get(), total, unit, now - startNanos, note, ended)));
  }
}
