package io.kerf.tensor;

import java.util.Objects;

/** Plain float32 values in one array. */
public final class FloatTensor implements Tensor {
  private final Shape shape;
  private final float[] values; // row-major, never written
  private volatile long zeros = -1; // not counted yet

  private FloatTensor(Shape shape, float[] values) {
    if (values.length != shape.elements()) {
      throw new IllegalArgumentException(
          "shape " + shape + " needs " + shape.elements() + " values, got " + values.length);
    }
    this.shape = shape;
    this.values = values;
  }

  /** A tensor of a copy of these values, row-major. */
  public static FloatTensor of(float[] values, int... sizes) {
    return new FloatTensor(Shape.of(sizes), values.clone());
  }

  /** A tensor that takes over an array which the caller will not write again: no copy is made. */
  public static FloatTensor wrap(Shape shape, float[] values) {
    return new FloatTensor(shape, values);
  }

  /** The values themselves, which nobody writes. */
  float[] values() {
    return values;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public String encoding() {
    return "float32";
  }

  @Override
  public long sizeBytes() {
    return 4L * values.length;
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
    Objects.checkFromIndexSize(from, count, (long) values.length);
    System.arraycopy(values, (int) from, into, at, count);
  }
}
