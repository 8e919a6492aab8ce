package io.kerf.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Held by the one run that keeps its checkpoints in a folder: a second run is refused. The system
 * gives it back when the process dies.
 *
 * <p>The thread that has it may take it again.
 */
final class RunLock implements AutoCloseable {
  static final String NAME = ".lock"; // created where absent, never removed

  // A file's lock belongs to the process, and closing any channel on the file gives it up; so the
  // threads of a process must agree before one of them opens the file.
  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel; // or null where the thread had it already

  private RunLock(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Takes it, and makes the folder where there is none.
   *
   * @throws IllegalStateException if another has it
   */
  static RunLock of(Path folder) {
    FileChannel channel = null;
    ReentrantLock thread = null;
    try {
      Path real = Files.createDirectories(folder).toRealPath();
      thread = THREADS.computeIfAbsent(real, path -> new ReentrantLock());
      if (!thread.tryLock()) {
        thread = null;
        throw taken(folder);
      }
      if (thread.getHoldCount() == 1) {
        channel =
            FileChannel.open(
                real.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (locked(channel) == null) {
          throw taken(folder);
        }
      }
      return new RunLock(thread, channel);
    } catch (IOException e) {
      release(thread, channel);
      throw new UncheckedIOException(
          "cannot keep checkpoints in "
              + folder
              + " ("
              + e
              + "): it must be a folder on a local disk that you may write to; name another folder",
          e);
    } catch (IllegalStateException e) {
      release(thread, channel);
      throw e;
    }
  }

  private static FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another class loader's copy of Kerf in this process has it
    }
  }

  private static IllegalStateException taken(Path folder) {
    return new IllegalStateException(
        "another run keeps its checkpoints in "
            + folder
            + ": wait until it ends, or name another folder");
  }

  private static void release(ReentrantLock thread, FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock is gone with the channel, closed cleanly or not.
    } finally {
      if (thread != null) {
        thread.unlock();
      }
    }
  }

  @Override
  public void close() {
    release(thread, channel);
  }
}
