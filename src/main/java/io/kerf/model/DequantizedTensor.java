package io.kerf.model;

import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;

/**
 * A file's quantized weights as the float32 values that they stand for, decoded whenever they are
 * read. What is measured as "dense" is the file, dequantized.
 */
final class DequantizedTensor implements Tensor {
  private final Tensor stored;

  DequantizedTensor(Tensor stored) {
    this.stored = stored;
  }

  @Override
  public Shape shape() {
    return stored.shape();
  }

  @Override
  public String encoding() {
    return "float32";
  }

  @Override
  public long sizeBytes() {
    return Math.multiplyExact(stored.shape().elements(), (long) Float.BYTES);
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
    stored.read(from, into, at, count);
  }
}
