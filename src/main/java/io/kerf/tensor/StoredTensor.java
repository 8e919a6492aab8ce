package io.kerf.tensor;

import java.util.Objects;

/** A tensor as it lies in a file: mapped, and decoded when read. */
public final class StoredTensor implements Tensor {
  private static final int CHUNK_BYTES = 1 << 14; // stays in the first-level cache

  private final Shape shape;
  private final Encoding encoding;
  private final MappedBytes bytes;
  private volatile long zeros = -1; // not counted yet

  private StoredTensor(Shape shape, Encoding encoding, MappedBytes bytes) {
    this.shape = shape;
    this.encoding = encoding;
    this.bytes = bytes;
  }

  /**
   * A tensor of these bytes, row-major.
   *
   * @throws IllegalArgumentException if the shape in this encoding takes another number of bytes
   */
  public static StoredTensor of(Shape shape, Encoding encoding, MappedBytes bytes) {
    long needed = encoding.sizeBytes(shape.elements());
    if (needed != bytes.length()) {
      throw new IllegalArgumentException(
          shape + " in " + encoding.label() + " takes " + needed + " bytes, got " + bytes.length());
    }
    return new StoredTensor(shape, encoding, bytes);
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public String encoding() {
    return encoding.label();
  }

  /** The encoding as stored, and with it the layout of {@link #bytes()}. */
  public Encoding stored() {
    return encoding;
  }

  /** The bytes as stored. */
  public MappedBytes bytes() {
    return bytes;
  }

  @Override
  public Encoding plainEncoding() {
    return encoding == Encoding.F16 || encoding == Encoding.BF16 ? encoding : Encoding.F32;
  }

  @Override
  public long sizeBytes() {
    return bytes.length();
  }

  @Override
  public long zeros() {
    if (zeros < 0) {
      zeros = Zeros.count(this);
    }
    return zeros;
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, shape.elements());
    Objects.checkFromIndexSize(at, count, into.length);
    if (encoding == Encoding.F32) {
      bytes.readFloats(4 * from, into, at, count);
      return;
    }
    int size = encoding.blockElements();
    int skipped = (int) (from % size);
    long block = from / size;
    if (skipped > 0) {
      int part = Math.min(count, size - skipped);
      readPart(block++, skipped, into, at, part);
      at += part;
      count -= part;
    }
    readBlocks(block, into, at, count / size);
    int rest = count % size;
    if (rest > 0) {
      readPart(block + count / size, 0, into, at + count - rest, rest);
    }
  }

  private void readBlocks(long block, float[] into, int at, int blocks) {
    int blockBytes = encoding.blockBytes();
    int chunk = Math.min(blocks, CHUNK_BYTES / blockBytes);
    byte[] stored = new byte[chunk * blockBytes];
    while (blocks > 0) {
      int part = Math.min(chunk, blocks);
      bytes.read(block * blockBytes, stored, 0, part * blockBytes);
      encoding.decode(stored, 0, into, at, part);
      block += part;
      at += part * encoding.blockElements();
      blocks -= part;
    }
  }

  private void readPart(long block, int skipped, float[] into, int at, int count) {
    float[] whole = new float[encoding.blockElements()];
    readBlocks(block, whole, 0, 1);
    System.arraycopy(whole, skipped, into, at, count);
  }
}
