package io.kerf.source;

import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what a progress bar would show. */
final class SeenProgress implements ProgressListener {
  final List<String> started = new CopyOnWriteArrayList<>(); // "label total unit"
  final List<String> notes = new CopyOnWriteArrayList<>();
  final List<Thread> threads = new CopyOnWriteArrayList<>();
  final AtomicLong done = new AtomicLong();
  final AtomicLong closed = new AtomicLong();

  @Override
  public Progress start(String label, long total, String unit) {
    started.add(label + " " + total + " " + unit);
    return new Progress() {
      @Override
      public void advance(long units) {
        done.addAndGet(units);
        threads.add(Thread.currentThread());
      }

      @Override
      public void note(String text) {
        notes.add(text);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
