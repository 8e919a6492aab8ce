package io.kerf.engine;

import io.kerf.model.Role;
import io.kerf.tensor.IntegerFormat;
import java.util.Optional;

/**
 * What of a model learns, and in what form. Every method is asked about one weight: a linear
 * layer's, or an embedding's or norm's, whose block is {@value #OUTSIDE} where it is outside the
 * blocks.
 */
public interface WeightChange {
  /** The block of what is outside the blocks. */
  int OUTSIDE = -1;

  /** Everything learns, as it is. */
  WeightChange ALL = new WeightChange() {};

  /** Nothing learns. */
  WeightChange NONE =
      new WeightChange() {
        @Override
        public boolean learns(int block, Role role) {
          return false;
        }
      };

  /** Whether a weight (and its bias) learns. */
  default boolean learns(int block, Role role) {
    return true;
  }

  /** Whether the zeros of a weight stay zeros. */
  default boolean keepsZeros(int block, Role role) {
    return false;
  }

  /** The integers to which a weight is rounded whenever it is used, where it is. */
  default Optional<IntegerFormat> roundedTo(int block, Role role) {
    return Optional.empty();
  }

  /** The adapter that learns in a weight's place, where one does. */
  default Optional<LowRank> adapter(int block, Role role) {
    return Optional.empty();
  }

  /**
   * W + s B A (arXiv 2106.09685).
   *
   * @param rank r, of A (r, in) and B (out, r)
   * @param scale s
   * @param a A to begin with, row-major; B begins as 0
   * @param b B to begin with, or null for 0
   */
  record LowRank(int rank, double scale, float[] a, float[] b) {}
}
