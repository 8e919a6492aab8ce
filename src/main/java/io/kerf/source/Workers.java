package io.kerf.source;

import io.kerf.progress.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Threads that do a few things side by side while the caller's thread waits and can be stopped. */
final class Workers implements AutoCloseable {
  private static final long PARTING_MILLIS = 500;

  private final String work;
  private final ExecutorService threads;

  /**
   * Starts none yet.
   *
   * @param work what goes on, for messages and as the threads' name
   * @param most how many things go on at once
   */
  Workers(String work, int most) {
    this.work = work;
    this.threads =
        Executors.newFixedThreadPool(
            most,
            task -> {
              Thread thread = new Thread(task, work);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Does all of it; the first failure ends the waiting.
   *
   * @param bytesSoFar asked now and then, on this thread
   * @param progress told what has come, on this thread
   * @return the results, in the order of the tasks
   * @throws io.kerf.progress.Interrupted if this thread is interrupted
   */
  <T> List<T> all(List<Callable<T>> tasks, LongSupplier bytesSoFar, Progress progress) {
    CompletableFuture<Void> failure = new CompletableFuture<>();
    List<CompletableFuture<T>> results = new ArrayList<>();
    for (Callable<T> task : tasks) {
      CompletableFuture<T> result = new CompletableFuture<>();
      results.add(result);
      threads.execute(
          () -> {
            try {
              result.complete(task.call());
            } catch (Throwable e) {
              failure.completeExceptionally(e);
            }
          });
    }
    CompletableFuture<Void> whole =
        CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new));
    CompletableFuture<Object> end = CompletableFuture.anyOf(whole, failure);
    try {
      Waiting.forEnd(work, end, bytesSoFar, progress, threads::shutdownNow);
      return results.stream().map(CompletableFuture::join).toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw new FetchException(work + " failed: " + e.getCause(), e.getCause());
    }
  }

  /** As {@link #all}, for one thing that shows nothing. */
  <T> T one(Callable<T> task) {
    return all(List.of(task), () -> 0, units -> {}).get(0);
  }

  /** Stops what still goes on, and waits a moment for it to let go of its files. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(PARTING_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked for twice: it goes at once
    }
  }
}
