package io.kerf.source;

import io.kerf.progress.Interrupted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Held by the one thread of one process on this machine that fetches a model. The system gives it
 * back when the process dies.
 */
final class ModelLock implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  // A file's lock belongs to the process, and closing any channel on the file gives it up; so the
  // threads of a process must agree before one of them opens the file.
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;

  private ModelLock(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Waits until the lock is free and takes it.
   *
   * @param file the file that is locked; created where absent, never removed
   * @param work what the lock is for, for messages
   * @param onWaiting called once if another has the lock
   * @throws Interrupted if the thread is interrupted while it waits
   */
  static ModelLock acquire(Path file, String work, Runnable onWaiting) {
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
    try {
      if (!thread.tryLock(0, TimeUnit.MILLISECONDS)) {
        onWaiting.run();
        thread.lockInterruptibly();
      }
    } catch (InterruptedException e) {
      throw new Interrupted(work + " was interrupted while another downloads it");
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        onWaiting.run();
        do {
          Thread.sleep(POLL_MILLIS);
        } while (tryLock(channel) == null);
      }
      return new ModelLock(thread, channel);
    } catch (InterruptedException e) {
      release(thread, channel);
      throw new Interrupted(work + " was interrupted while another process downloads it");
    } catch (IOException e) {
      release(thread, channel);
      throw new FetchException(
          "cannot lock "
              + file
              + " ("
              + e
              + "); it must lie on a local disk: KERF_HOME moves Kerf's folder, HF_HUB_CACHE the hub's",
          e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another class loader's copy of Kerf in this process has it
    }
  }

  private static void release(ReentrantLock thread, FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock is gone with the channel, closed cleanly or not.
    } finally {
      thread.unlock();
    }
  }

  @Override
  public void close() {
    release(thread, channel);
  }
}
