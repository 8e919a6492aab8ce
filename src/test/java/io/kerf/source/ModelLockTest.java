package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Interrupted;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLockTest {
  @TempDir Path folder;

  @Test
  void onlyOneThreadAtATimeHasIt() throws Exception {
    Path file = folder.resolve("x.lock");
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    Future<?>[] all = new Future<?>[20];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          threads.submit(
              () -> {
                try (ModelLock lock = ModelLock.acquire(file, "work", () -> {})) {
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  Thread.yield();
                  inside.decrementAndGet();
                }
              });
    }
    for (Future<?> one : all) {
      one.get();
    }
    threads.shutdown();
    assertEquals(1, most.get());
  }

  @Test
  void saysOnceThatItWaitsAndStopsWhenInterrupted() throws Exception {
    Path file = folder.resolve("x.lock");
    AtomicInteger waits = new AtomicInteger();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    CountDownLatch waiting = new CountDownLatch(1);
    Runnable wait =
        () -> {
          waits.incrementAndGet();
          waiting.countDown();
        };
    Thread second = new Thread(() -> ModelLock.acquire(file, "Downloading x", wait).close());
    second.setUncaughtExceptionHandler((thread, e) -> seen.set(e));
    try (ModelLock first = ModelLock.acquire(file, "work", () -> {})) {
      second.start();
      waiting.await();
      second.interrupt();
      second.join();
    }
    assertEquals(1, waits.get());
    assertTrue(seen.get() instanceof Interrupted, () -> "" + seen.get());
    assertEquals(
        "Downloading x was interrupted while another downloads it", seen.get().getMessage());
    ModelLock.acquire(file, "work", () -> waits.incrementAndGet()).close();
    assertEquals(1, waits.get());
  }

  @Test
  void aFileThatCannotBeLockedIsNamed() {
    String message =
        assertThrows(FetchException.class, () -> ModelLock.acquire(folder, "work", () -> {}))
            .getMessage();
    assertTrue(message.startsWith("cannot lock " + folder + " ("), message);
    assertTrue(
        message.endsWith(
            "); it must lie on a local disk: KERF_HOME moves Kerf's folder, HF_HUB_CACHE the"
                + " hub's"),
        message);
  }

  @Test
  void anotherCopyOfKerfInThisProcessIsWaitedForToo() throws Exception {
    Path file = folder.resolve("x.lock");
    CountDownLatch waiting = new CountDownLatch(1);
    Thread second = new Thread(() -> ModelLock.acquire(file, "work", waiting::countDown).close());
    try (FileChannel other =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      second.start();
      waiting.await();
      assertTrue(second.isAlive());
    }
    second.join();
  }
}
