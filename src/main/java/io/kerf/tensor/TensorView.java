package io.kerf.tensor;

import java.util.Objects;

/** Another tensor's values in another order: nothing is copied, every read goes to the source. */
abstract class TensorView implements Tensor {
  final Tensor source;
  private final Shape shape;
  private volatile long zeros = -1; // not counted yet

  TensorView(Tensor source, Shape shape) {
    this.source = source;
    this.shape = shape;
  }

  /** Reads a run, not an empty one, that is known to be inside both the tensor and the array. */
  abstract void readRun(long from, float[] into, int at, int count);

  @Override
  public final Shape shape() {
    return shape;
  }

  @Override
  public final String encoding() {
    return source.encoding();
  }

  @Override
  public final Encoding plainEncoding() {
    return source.plainEncoding();
  }

  /** The share of the source's bytes that these elements take. */
  @Override
  public final long sizeBytes() {
    long all = source.shape().elements();
    return all == shape.elements() || all == 0
        ? source.sizeBytes()
        : Math.round((double) source.sizeBytes() / all * shape.elements());
  }

  @Override
  public final long zeros() {
    if (zeros < 0) {
      zeros = Zeros.count(this);
    }
    return zeros;
  }

  @Override
  public final void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, shape.elements());
    Objects.checkFromIndexSize(at, count, into.length);
    if (count > 0) {
      readRun(from, into, at, count);
    }
  }

  /** How many elements one step along the first dimension spans. */
  static long rowElements(Shape shape) {
    long elements = 1;
    for (int d = 1; d < shape.dimensions(); d++) {
      elements *= shape.size(d);
    }
    return elements;
  }

  /** The same shape with another first dimension. */
  static Shape withRows(Shape shape, int rows) {
    if (shape.dimensions() == 0) {
      throw new IllegalArgumentException("a scalar has no rows");
    }
    int[] sizes = shape.sizes();
    sizes[0] = rows;
    return Shape.of(sizes);
  }
}
