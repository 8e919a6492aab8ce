package io.kerf.format;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A new file's bytes, one after another, hashed on the way. */
final class FileSink implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final MessageDigest digest;
  private final Progress progress;
  private long position;

  /**
   * @param file must not exist
   * @param progress told of the tensors' bytes
   */
  FileSink(Path file, Progress progress) {
    this.file = file;
    this.progress = progress;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
      this.channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** How many bytes were written. */
  long position() {
    return position;
  }

  /** Writes a run of a tensor's bytes. */
  void write(byte[] bytes, int from, int count) {
    put(bytes, from, count);
    progress.advance(count);
  }

  /** Writes what is no tensor's. */
  void write(byte[] bytes) {
    put(bytes, 0, bytes.length);
  }

  private void put(byte[] bytes, int from, int count) {
    Interrupted.check("Saving " + file.getFileName());
    try {
      for (ByteBuffer rest = ByteBuffer.wrap(bytes, from, count); rest.hasRemaining(); ) {
        channel.write(rest);
      }
    } catch (ClosedByInterruptException e) {
      Interrupted.check("Saving " + file.getFileName());
      throw failed(e);
    } catch (IOException e) {
      throw failed(e);
    }
    digest.update(bytes, from, count);
    position += count;
  }

  /**
   * Has everything on the disk itself.
   *
   * @return the bytes' SHA-256, hexadecimal
   */
  String finish() {
    try {
      channel.force(true);
    } catch (ClosedByInterruptException e) {
      Interrupted.check("Saving " + file.getFileName());
      throw failed(e);
    } catch (IOException e) {
      throw failed(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException(
        "cannot write " + file + " (" + e.getMessage() + "): is there room, and may you?", e);
  }
}
