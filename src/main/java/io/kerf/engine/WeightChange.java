package io.kerf.engine;

import io.kerf.model.Role;
import io.kerf.tensor.IntegerFormat;
import java.util.Objects;
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
   * The mask under which a weight learns and that is chosen again and again, where there is one.
   */
  default Optional<DecayingMask> decayingMask(int block, Role role) {
    return Optional.empty();
  }

  /** The factors that learn in a weight's place, where they do. */
  default Optional<Factors> factors(int block, Role role) {
    return Optional.empty();
  }

  /**
   * W + s W x (A, each row repeated for out / r rows) x (b, repeated for all columns), elementwise:
   * a zero of W stays zero, and W itself does not learn (SPP, arXiv 2405.16057).
   *
   * <p>The paper's (as its authors' program has it): the form, A of r rows, one row of A for out /
   * r rows of W one below the other, b beginning as 0, so that training begins at W; s = alpha / r.
   *
   * @param rank r, which has to divide the weight's rows
   * @param scale s
   * @param a A (r, in) to begin with, row-major
   * @param b b (out) to begin with, or null for 0
   */
  record Factors(int rank, double scale, float[] a, float[] b) {
    public Factors {
      Objects.requireNonNull(a, "a");
      if (rank < 1) {
        throw new IllegalArgumentException("the factors' rank must be at least 1, was " + rank);
      }
    }
  }

  /**
   * A mask that moves with the weights while what it leaves out decays (AST, arXiv 2407.20584;
   * SR-STE, arXiv 2102.04010).
   *
   * <p>After s steps the page computes with M x W, elementwise. M has a 1 for the {@code kept}
   * largest magnitudes of every group of {@code of} consecutive columns of a row (of equal ones the
   * later stay, as pruning by magnitude has it); it is chosen from W at s = 0, {@code every}, 2
   * {@code every} and so on as long as s <= {@code settling}, and stays from there on. The gradient
   * passes the mask as if it were not there, and what is left out is pulled to zero:
   *
   * <pre>dW = d(M x W) + decay min(1, s / settling) (1 - M) x W</pre>
   *
   * so that a weight that is left out may come back as long as the mask moves. What has been
   * trained is M x W: its zeros are exact.
   *
   * <p>The paper's are: the masks by magnitude, chosen again every so many steps, the
   * straight-through gradient, the decay of what is left out alone, that it grows with the run.
   * Ours, where its text was not at hand: that it grows linearly and the mask is final when it is
   * whole, and that the decay counts as gradient, for clipping and the optimizer alike, as SR-STE
   * has it (the authors' AdamW adds it after the first moment).
   *
   * @param kept of each group, in [1, of)
   * @param of columns of a group, which has to divide the weight's; all columns of the weight for
   *     masks by row
   * @param every how many steps the mask is chosen
   * @param decay the most that what is left out is pulled by
   * @param settling after how many steps the decay is whole and the mask final
   */
  record DecayingMask(int kept, int of, int every, double decay, int settling) {
    public DecayingMask {
      if (kept < 1 || kept >= of) {
        throw new IllegalArgumentException(
            "of each group of columns some stay and some go: cannot keep "
                + kept
                + " of "
                + of
                + "; usual is 2 of 4");
      }
      if (every < 1 || settling < 1) {
        throw new IllegalArgumentException(
            "a mask is chosen every step or less often and settles after at least one, was every "
                + every
                + ", settling after "
                + settling);
      }
      if (!(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "the decay of what a mask leaves out must be at least 0, was " + decay);
      }
    }

    /** Of every row of so many columns that share goes, rounded down. */
    public static DecayingMask byRow(
        double sparsity, int columns, int every, double decay, int settling) {
      int kept = columns - (int) Math.floor(sparsity * columns);
      return new DecayingMask(kept, columns, every, decay, settling);
    }
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
