package io.kerf.source;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Waits for bytes that another thread or process brings, and shows them on this thread: a notebook
 * drops what others print, and only this thread is interrupted.
 */
final class Waiting {
  private static final long POLL_MILLIS = 50;

  private Waiting() {}

  /**
   * Waits for the end.
   *
   * @param work what goes on, for the message
   * @param end completed when all has come, or failed
   * @param bytesSoFar how much has come; it may fall, where something is tried again
   * @param progress told what has come
   * @param cancel called if this thread is interrupted
   * @return what the end gives
   * @throws ExecutionException if it failed
   * @throws Interrupted if this thread is interrupted
   */
  static <T> T forEnd(
      String work, Future<T> end, LongSupplier bytesSoFar, Progress progress, Runnable cancel)
      throws ExecutionException {
    long shown = 0;
    while (true) {
      try {
        T result = end.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        progress.advance(Math.max(0, bytesSoFar.getAsLong() - shown));
        return result;
      } catch (TimeoutException e) {
        long now = bytesSoFar.getAsLong();
        progress.advance(Math.max(0, now - shown));
        shown = Math.max(shown, now);
      } catch (InterruptedException | CancellationException e) {
        cancel.run();
        throw new Interrupted(work + " was interrupted");
      }
    }
  }
}
