package io.kerf.tensor;

import java.util.Arrays;

/**
 * A change of low rank to a matrix (LoRA, arXiv 2106.09685): s B A, with s = alpha / r, or alpha /
 * sqrt(r) where it is rank-stabilized (arXiv 2312.03732).
 *
 * @param a (r, in)
 * @param b (out, r)
 * @param alpha finite in float32
 */
public record LowRank(FloatTensor a, FloatTensor b, double alpha, boolean rankStabilized) {
  public LowRank {
    if (a.shape().dimensions() != 2
        || b.shape().dimensions() != 2
        || a.shape().rows() != b.shape().columns()
        || a.shape().rows() < 1) {
      throw new IllegalArgumentException(
          "A must be (r, in) and B (out, r) with r at least 1, were "
              + a.shape()
              + " and "
              + b.shape());
    }
    if (!Float.isFinite((float) alpha)) {
      throw new IllegalArgumentException("alpha must be a number that float32 holds, was " + alpha);
    }
  }

  /** A change from plain arrays, which are taken over: the caller will not write them again. */
  public static LowRank of(
      int rows, int columns, int rank, double alpha, boolean rankStabilized, float[] a, float[] b) {
    return new LowRank(
        FloatTensor.wrap(Shape.of(rank, columns), a),
        FloatTensor.wrap(Shape.of(rows, rank), b),
        alpha,
        rankStabilized);
  }

  /** r. */
  public int rank() {
    return a.shape().rows();
  }

  /** s: what B A is multiplied by. */
  public double scale() {
    return alpha / (rankStabilized ? Math.sqrt(rank()) : rank());
  }

  /** (out, in): of the matrix that it changes. */
  public Shape shape() {
    return Shape.of(b.shape().rows(), a.shape().columns());
  }

  public long sizeBytes() {
    return a.sizeBytes() + b.sizeBytes();
  }

  /**
   * Adds a part of one row to what is there.
   *
   * @param row whose part it is
   * @param column the part's first
   * @param sum room for {@code count} numbers: the change is summed up before it is added, so that
   *     it is not rounded to the matrix's digits r times
   */
  void addTo(int row, int column, float[] into, int at, int count, float[] sum) {
    float[] down = a.values();
    float[] up = b.values();
    int rank = rank();
    int columns = a.shape().columns();
    Arrays.fill(sum, 0, count, 0);
    int k = 0;
    for (; k + 4 <= rank; k += 4) { // four at a time: the sum is read and written once for them
      int first = row * rank + k;
      add4(sum, count, down, k * columns + column, columns, up, first);
    }
    for (; k < rank; k++) {
      float factor = up[row * rank + k];
      int from = k * columns + column;
      for (int i = 0; i < count; i++) {
        sum[i] += factor * down[from + i];
      }
    }
    float scale = (float) scale();
    for (int i = 0; i < count; i++) {
      into[at + i] += scale * sum[i];
    }
  }

  /** In the same order as one after another. */
  private static void add4(
      float[] sum, int count, float[] down, int from, int columns, float[] up, int first) {
    float factor0 = up[first];
    float factor1 = up[first + 1];
    float factor2 = up[first + 2];
    float factor3 = up[first + 3];
    int from1 = from + columns;
    int from2 = from1 + columns;
    int from3 = from2 + columns;
    for (int i = 0; i < count; i++) {
      sum[i] =
          sum[i]
              + factor0 * down[from + i]
              + factor1 * down[from1 + i]
              + factor2 * down[from2 + i]
              + factor3 * down[from3 + i];
    }
  }
}
