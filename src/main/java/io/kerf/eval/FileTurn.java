package io.kerf.eval;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that one thread of one process has for itself while it reads and appends.
 *
 * <p>It is no channel that is written to: an interrupt closes a channel in the middle of a write,
 * and the stop button is an interrupt.
 */
final class FileTurn implements AutoCloseable {
  private static final long POLL_MILLIS = 5;
  private static final long PATIENCE_MILLIS = 10_000; // an append takes a few

  // Closing any channel on a file gives up the process's lock on it, so the threads of a process
  // must agree before one of them opens the file.
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  final RandomAccessFile file;
  private final ReentrantLock thread;

  private FileTurn(RandomAccessFile file, ReentrantLock thread) {
    this.file = file;
    this.thread = thread;
  }

  /**
   * Waits for the file, which is created where absent.
   *
   * @throws IOException if it cannot be opened, or another process keeps it locked
   */
  static FileTurn take(Path path) throws IOException {
    return take(path, PATIENCE_MILLIS);
  }

  static FileTurn take(Path path, long patienceMillis) throws IOException {
    ReentrantLock thread =
        THREADS.computeIfAbsent(path.toAbsolutePath().normalize(), p -> new ReentrantLock());
    thread.lock();
    RandomAccessFile file = null;
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
      lock(file, path, patienceMillis);
      return new FileTurn(file, thread);
    } catch (IOException e) {
      if (file != null) {
        file.close();
      }
      thread.unlock();
      throw e;
    }
  }

  private static void lock(RandomAccessFile file, Path path, long patienceMillis)
      throws IOException {
    boolean interrupted = false;
    long start = System.nanoTime();
    try {
      while (tryLock(file) == null) {
        if (System.nanoTime() - start > patienceMillis * 1_000_000) {
          throw new IOException(path + " is locked by another process");
        }
        try {
          Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
          interrupted = true; // told when this turn is over: what was computed is kept first
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static FileLock tryLock(RandomAccessFile file) throws IOException {
    try {
      return file.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another class loader's copy of Kerf in this process has it
    }
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      thread.unlock();
    }
  }
}
