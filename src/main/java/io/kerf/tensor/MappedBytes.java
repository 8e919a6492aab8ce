package io.kerf.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.zip.Checksum;

/**
 * A read-only run of a file's bytes, of any length and at any offset, that the operating system
 * reads when they are looked at.
 *
 * <p>Nothing is copied and nothing needs to be closed: the mapping goes with the last reference.
 */
public final class MappedBytes {
  private static final int WINDOW_SHIFT = 30; // a buffer ends below 2 GiB, windows are 1 GiB
  private static final long WINDOW_BYTES = 1L << WINDOW_SHIFT;

  private final ByteBuffer[] windows; // little-endian, positions never moved
  private final long length;

  private MappedBytes(ByteBuffer[] windows, long length) {
    this.windows = windows;
    this.length = length;
  }

  /**
   * Maps a run of a file.
   *
   * @throws IndexOutOfBoundsException if the run is not inside the file
   */
  public static MappedBytes map(Path file, long offset, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Objects.checkFromIndexSize(offset, length, channel.size());
      ByteBuffer[] windows = new ByteBuffer[Math.toIntExact(-(-length >> WINDOW_SHIFT))];
      for (int i = 0; i < windows.length; i++) {
        long start = i * WINDOW_BYTES;
        long size = Math.min(WINDOW_BYTES, length - start);
        windows[i] =
            channel
                .map(FileChannel.MapMode.READ_ONLY, offset + start, size)
                .order(ByteOrder.LITTLE_ENDIAN);
      }
      return new MappedBytes(windows, length);
    }
  }

  /** How many bytes there are. */
  public long length() {
    return length;
  }

  /** Copies a run of bytes. */
  public void read(long from, byte[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, length);
    while (count > 0) {
      int start = (int) (from & WINDOW_BYTES - 1);
      int part = (int) Math.min(count, WINDOW_BYTES - start);
      windows[(int) (from >> WINDOW_SHIFT)].get(start, into, at, part);
      from += part;
      at += part;
      count -= part;
    }
  }

  /** Feeds a run of bytes to a checksum. */
  public void checksum(long from, long count, Checksum checksum) {
    Objects.checkFromIndexSize(from, count, length);
    while (count > 0) {
      int start = (int) (from & WINDOW_BYTES - 1);
      int part = (int) Math.min(count, WINDOW_BYTES - start);
      checksum.update(windows[(int) (from >> WINDOW_SHIFT)].slice(start, part));
      from += part;
      count -= part;
    }
  }

  /**
   * Copies a run of little-endian float32 values.
   *
   * @param from index of the first value's first byte, a multiple of 4
   */
  void readFloats(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, 4L * count, length);
    while (count > 0) {
      int start = (int) (from & WINDOW_BYTES - 1);
      int part = (int) Math.min(count, (WINDOW_BYTES - start) / 4);
      windows[(int) (from >> WINDOW_SHIFT)]
          .slice(start, 4 * part)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(into, at, part);
      from += 4L * part;
      at += part;
      count -= part;
    }
  }
}
