package io.kerf.report;

import io.kerf.train.TrainingListener;
import io.kerf.train.TrainingStep;
import io.kerf.train.TrainingWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A training that paints itself: when it starts, after its first step, then at most once a second
 * and so seldom that painting takes no more than a hundredth of the time, and once more when it
 * ends. A picture takes 20 to 80 ms, and is painted every 2 to 8 seconds; the first one, for which
 * Java loads its fonts, and the last one do not count.
 *
 * <p>An interrupt passes through untouched, see {@link Undisturbed}.
 */
public final class LiveTraining implements TrainingWatch {
  /** Oftener than this nobody looks. */
  public static final long LEAST_NANOS = 1_000_000_000L;

  /** The share of the time that is spent on painting is one of so many. */
  static final long SHARE = 100;

  private final String label;
  private final int steps;
  private final long tokens;
  private final LongSupplier nanoTime;
  private final long leastNanos;
  private final Consumer<? super TrainingView> painter;
  private final List<TrainingStep> done = new ArrayList<>();
  private long dueNanos;
  private boolean ended;

  LiveTraining(
      String label,
      int steps,
      long tokens,
      LongSupplier nanoTime,
      long leastNanos,
      Consumer<? super TrainingView> painter) {
    this.label = label;
    this.steps = steps;
    this.tokens = tokens;
    this.nanoTime = nanoTime;
    this.leastNanos = leastNanos;
    this.painter = painter;
    paint();
    dueNanos = nanoTime.getAsLong();
  }

  /**
   * A listener that gives each training a painter of its own.
   *
   * @param painters gives the painter, which is called with every state to be seen, the last of
   *     them {@link TrainingView#ended()}
   * @param leastNanos between two paintings
   */
  public static TrainingListener listener(
      Supplier<Consumer<TrainingView>> painters, long leastNanos) {
    return (label, steps, tokens) ->
        new LiveTraining(label, steps, tokens, System::nanoTime, leastNanos, painters.get());
  }

  @Override
  public synchronized void step(TrainingStep step) {
    done.add(step);
    long start = nanoTime.getAsLong();
    if (start - dueNanos >= 0) {
      paint();
      long end = nanoTime.getAsLong();
      long cost = done.size() == 1 ? 0 : end - start;
      dueNanos = end + Math.max(leastNanos, SHARE * cost);
    }
  }

  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      paint();
    }
  }

  private void paint() {
    Undisturbed.run(
        () -> painter.accept(new TrainingView(label, steps, tokens, List.copyOf(done), ended)));
  }
}
