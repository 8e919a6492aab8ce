package io.kerf.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The sizes of a tensor's dimensions, outermost first; a scalar has none. */
public final class Shape {
  private final int[] sizes;
  private final long elements;

  private Shape(int[] sizes) {
    long n = 1;
    for (int size : sizes) {
      if (size < 0) {
        throw new IllegalArgumentException("a dimension must not be negative, was " + size);
      }
      n = Math.multiplyExact(n, (long) size);
    }
    this.sizes = sizes;
    this.elements = n;
  }

  /** A shape of these sizes, each at least 0. */
  public static Shape of(int... sizes) {
    return new Shape(sizes.clone());
  }

  public int dimensions() {
    return sizes.length;
  }

  /** The size of one dimension. */
  public int size(int dimension) {
    return sizes[dimension];
  }

  public int[] sizes() {
    return sizes.clone();
  }

  /** The product of all sizes. */
  public long elements() {
    return elements;
  }

  /** The first dimension of a matrix. */
  public int rows() {
    return matrix().sizes[0];
  }

  /** The second dimension of a matrix. */
  public int columns() {
    return matrix().sizes[1];
  }

  /**
   * How many elements to read at a time when reading all of such a tensor: whole rows, enough of
   * them to be worth a call (and for a transposed matrix to read its source in cache lines), few
   * enough to stay in the second-level cache.
   */
  public int runElements() {
    if (elements == 0) {
      return 0;
    }
    long row = sizes.length == 0 ? 1 : elements / sizes[0];
    long wanted = Math.max(64 * row, 1 << 15);
    return (int) Math.min(Math.min(elements, 1 << 28), Math.max(1, wanted / row) * row);
  }

  private Shape matrix() {
    if (sizes.length != 2) {
      throw new IllegalStateException("expected a matrix, was " + this);
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** "576 x 1536". */
  @Override
  public String toString() {
    return sizes.length == 0
        ? "scalar"
        : Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining(" x "));
  }
}
