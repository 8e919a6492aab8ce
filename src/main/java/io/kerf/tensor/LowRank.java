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
  private static final int UNROLLED = 4;

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
   * Adds a run of its elements to what is there. The change is summed up before it is added, so
   * that it is not rounded to the matrix's digits r times; an element's sum does not depend on the
   * run that it is in.
   */
  void addTo(long first, float[] into, int at, int count) {
    int columns = a.shape().columns();
    int left = (int) (first % columns);
    boolean oneRow = left + (long) count <= columns;
    int from = oneRow ? left : 0; // the first column that is needed
    int width = oneRow ? count : columns;
    float[][] down = rowsOfA(from, width);
    float[] sum = new float[width];
    float[] factors = new float[down.length];
    float scale = (float) scale();
    for (int done = 0; done < count; ) {
      int skipped = (int) ((first + done) % columns) - from;
      int run = Math.min(width - skipped, count - done);
      b.read((first + done) / columns * rank(), factors, 0, rank());
      Arrays.fill(sum, 0);
      for (int k = 0; k < down.length; k += UNROLLED) {
        add(sum, down, factors, k);
      }
      for (int i = 0; i < run; i++) {
        into[at + done + i] += scale * sum[skipped + i];
      }
      done += run;
    }
  }

  /** Columns of A, a row an array, and rows of zeros that fill up the last loop. */
  private float[][] rowsOfA(int from, int width) {
    float[][] rows = new float[(rank() + UNROLLED - 1) / UNROLLED * UNROLLED][];
    for (int k = 0; k < rows.length; k++) {
      int start = k * a.shape().columns() + from;
      rows[k] =
          k < rank() ? Arrays.copyOfRange(a.values(), start, start + width) : new float[width];
    }
    return rows;
  }

  /**
   * Four rows of A at once, in the same order as one after another: the sum is read and written
   * once for them. Arrays of their own, read from index 0, are what the compiler vectorizes: eight
   * times as fast as one array with offsets.
   */
  private static void add(float[] sum, float[][] down, float[] factors, int k) {
    float[] row0 = down[k];
    float[] row1 = down[k + 1];
    float[] row2 = down[k + 2];
    float[] row3 = down[k + 3];
    float factor0 = factors[k];
    float factor1 = factors[k + 1];
    float factor2 = factors[k + 2];
    float factor3 = factors[k + 3];
    for (int i = 0; i < sum.length; i++) {
      sum[i] =
          sum[i] + factor0 * row0[i] + factor1 * row1[i] + factor2 * row2[i] + factor3 * row3[i];
    }
  }
}
