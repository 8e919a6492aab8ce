package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.MappedBytes;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A run of a file's bytes that is known to lie inside it: a whole file, or one stored in an
 * archive.
 *
 * @param name how errors name it: "model.safetensors", "model.jar!variables/variables.index"
 * @param offset of its first byte in the file
 * @param length in bytes
 */
public record FileRegion(Path file, String name, long offset, long length) {
  /** The way out of most errors of this package. */
  static final String DAMAGED = "the file is truncated or damaged: get it again";

  public FileRegion {
    if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(name + ": no region of " + length + " from " + offset);
    }
  }

  /** A whole file. */
  public static FileRegion of(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new FormatException(file + " is not a file; check the path");
      }
      return new FileRegion(file, file.getFileName().toString(), 0, Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * A run inside this one, checked.
   *
   * @param field what the run is, for the error
   */
  FileRegion slice(String field, long from, long size) {
    if (from < 0 || size < 0 || from > length || size > length - from) {
      throw wrong(
          field
              + " is "
              + Long.toUnsignedString(size)
              + " bytes from "
              + Long.toUnsignedString(from)
              + ", past the end of "
              + length
              + " bytes");
    }
    return new FileRegion(file, name, offset + from, size);
  }

  /** The same bytes under another name. */
  FileRegion named(String other) {
    return new FileRegion(file, other, offset, length);
  }

  /** Maps all of it. */
  MappedBytes map() {
    try {
      return MappedBytes.map(file, offset, length);
    } catch (IndexOutOfBoundsException e) {
      throw shrunk();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot map " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Copies all of it, if it is not absurdly long.
   *
   * @param field what it is, for the error
   */
  byte[] bytes(String field, int limitBytes) {
    if (length > limitBytes) {
      throw wrong(field + " has " + length + " bytes, more than the limit of " + limitBytes);
    }
    ByteBuffer copy = ByteBuffer.allocate((int) length);
    try (FileChannel channel = FileChannel.open(file)) {
      while (copy.hasRemaining()) {
        if (channel.read(copy, offset + copy.position()) < 0) {
          throw shrunk();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return copy.array();
  }

  /** This region as a tensor; its length must be what the shape takes. */
  StoredTensor tensor(Shape shape, Encoding encoding) {
    return StoredTensor.of(shape, encoding, map());
  }

  private FormatException shrunk() {
    return wrong("ends at " + (offset + length) + ", past the end of a file that has shrunk");
  }

  /** An error about this region: what is wrong, then the usual way out. */
  FormatException wrong(String what) {
    return new FormatException(name + ": " + what + "; " + DAMAGED);
  }
}
