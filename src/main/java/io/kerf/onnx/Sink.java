package io.kerf.onnx;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Where bytes go: a file through one buffer, with progress, stopped by an interrupt. */
final class Sink {
  private final FileChannel file;
  private final Progress progress;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
  private long written;

  Sink(FileChannel file, Progress progress) {
    this.file = file;
    this.progress = progress;
  }

  void bytes(byte[] values, int count) throws IOException {
    for (int done = 0; done < count; ) {
      int part = Math.min(count - done, room(1));
      buffer.put(values, done, part);
      done += part;
    }
  }

  void floats(float[] values, int count) throws IOException {
    for (int done = 0; done < count; ) {
      int part = Math.min(count - done, room(Float.BYTES) / Float.BYTES);
      buffer.asFloatBuffer().put(values, done, part);
      buffer.position(buffer.position() + Float.BYTES * part);
      done += part;
    }
  }

  /** How many bytes there are so far. */
  long written() {
    return written + buffer.position();
  }

  /** Zero bytes up to a multiple. */
  void align(int multiple) throws IOException {
    int gap = (int) (-written() & multiple - 1);
    bytes(new byte[gap], gap);
  }

  private int room(int needed) throws IOException {
    if (buffer.remaining() < needed) {
      flush();
    }
    return buffer.remaining();
  }

  void flush() throws IOException {
    Interrupted.check("writing an ONNX file");
    buffer.flip();
    int count = buffer.remaining();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
    written += count;
    progress.advance(count);
  }
}
