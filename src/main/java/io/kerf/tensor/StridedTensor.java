package io.kerf.tensor;

import java.util.Arrays;

/**
 * Elements of a flat source at fixed steps, as array libraries keep views: element (i, j, ...) is
 * the source's {@code offset + i * strides[0] + j * strides[1] + ...}.
 */
public final class StridedTensor extends TensorView {
  private final long offset;
  private final long[] strides;

  private StridedTensor(Tensor source, long offset, Shape shape, long[] strides) {
    super(source, shape);
    this.offset = offset;
    this.strides = strides;
  }

  /**
   * A strided view.
   *
   * @param source read as if it had one dimension
   * @param offset the source's element that is the first one here
   * @param strides one a dimension, in elements, at least 0
   * @throws IndexOutOfBoundsException if an element lies outside the source
   */
  public static StridedTensor of(Tensor source, long offset, Shape shape, long... strides) {
    long elements = source.shape().elements();
    if (strides.length != shape.dimensions()) {
      throw new IllegalArgumentException(
          shape + " needs " + shape.dimensions() + " strides, got " + strides.length);
    }
    if (!inside(elements, offset, shape, strides)) {
      throw new IndexOutOfBoundsException(
          "a view of "
              + shape
              + " from element "
              + offset
              + " with strides "
              + Arrays.toString(strides)
              + " leaves its source of "
              + elements
              + " elements");
    }
    return new StridedTensor(source, offset, shape, strides.clone());
  }

  /** Whether every element of such a view lies in a source of so many elements. */
  public static boolean inside(long elements, long offset, Shape shape, long... strides) {
    if (offset < 0 || offset > elements) {
      return false;
    }
    if (shape.elements() == 0) {
      return true;
    }
    long room = elements - 1 - offset; // how far beyond the first element the last may lie
    for (int d = 0; d < strides.length; d++) {
      int steps = shape.size(d) - 1;
      if (strides[d] < 0 || steps > 0 && strides[d] > room / steps) {
        return false;
      }
      room -= steps * strides[d];
    }
    return room >= 0;
  }

  @Override
  void readRun(long from, float[] into, int at, int count) {
    int dimensions = strides.length;
    int inner = dimensions == 0 ? 1 : shape().size(dimensions - 1);
    long step = dimensions == 0 ? 1 : strides[dimensions - 1];
    while (count > 0) {
      int skipped = (int) (from % inner);
      int part = Math.min(count, inner - skipped);
      long start = offset + skipped * step;
      long rest = from / inner;
      for (int d = dimensions - 2; d >= 0; d--) {
        start += rest % shape().size(d) * strides[d];
        rest /= shape().size(d);
      }
      if (step == 1) {
        source.read(start, into, at, part);
      } else {
        for (int i = 0; i < part; i++) {
          source.read(start + i * step, into, at + i, 1);
        }
      }
      from += part;
      at += part;
      count -= part;
    }
  }
}
