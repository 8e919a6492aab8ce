package io.kerf.train;

import io.kerf.compress.Scope;
import io.kerf.engine.WeightChange.DecayingMask;
import io.kerf.engine.WeightChange.Factors;
import io.kerf.tensor.Shape;
import java.util.List;

/** Training that ends, or stays, with zeros where they are wanted. */
sealed interface Sparse {
  /** In which layers. */
  List<Scope> scopes();

  /** "AST 2:4". */
  String label();

  /** All that decides it. */
  String settings();

  /**
   * A mask that moves while the model learns (AST, arXiv 2407.20584).
   *
   * @param kept of each group of columns
   * @param of columns of a group
   * @param every how many steps it is chosen again
   * @param decay of what it leaves out
   */
  record Moving(int kept, int of, int every, double decay, List<Scope> scopes) implements Sparse {
    public Moving {
      scopes = List.copyOf(scopes);
      new DecayingMask(kept, of, every, decay, 1); // says what does not fit
    }

    /** Final after half of the steps. */
    DecayingMask mask(int steps) {
      return new DecayingMask(kept, of, every, decay, Math.max(1, steps / 2));
    }

    @Override
    public String label() {
      return "AST " + kept + ":" + of;
    }

    @Override
    public String settings() {
      return label()
          + ", chosen every "
          + every
          + " steps, decay "
          + decay
          + ", in "
          + Scope.label(scopes);
    }
  }

  /**
   * Factors that learn beside pruned weights, whose zeros stay (SPP, arXiv 2405.16057).
   *
   * @param rank of the factors; it divides the rows of every layer
   * @param alpha the scale is alpha / rank
   */
  record Multiplied(int rank, double alpha, List<Scope> scopes) implements Sparse {
    public Multiplied {
      scopes = List.copyOf(scopes);
      if (rank < 1) {
        throw new IllegalArgumentException("rank must be at least 1, was " + rank);
      }
    }

    /** A drawn as LoRA's, b 0. */
    Factors factors(Shape shape, long seed) {
      return new Factors(rank, alpha / rank, Lora.drawn(rank, shape.columns(), seed), null);
    }

    @Override
    public String label() {
      return "SPP " + rank;
    }

    @Override
    public String settings() {
      return label() + ", alpha " + alpha + ", in " + Scope.label(scopes);
    }
  }
}
