package io.kerf.engine;

/** How gradients become steps. Weight decay is decoupled from the gradient in both. */
public sealed interface Optimizer {
  /**
   * AdamW (arXiv 1711.05101), with bias correction. Arrays of two or more dimensions decay, p -=
   * learning rate x decay x p before the step; norms and biases do not.
   *
   * @param beta1 of the gradients' mean, in [0, 1)
   * @param beta2 of their squares', in [0, 1)
   * @param epsilon added outside the root
   * @param weightDecay at least 0
   */
  record AdamW(double beta1, double beta2, double epsilon, double weightDecay)
      implements Optimizer {
    public AdamW {
      requireBeta("beta1", beta1);
      requireBeta("beta2", beta2);
      requireDecay(weightDecay);
      if (!(epsilon > 0)) {
        throw new IllegalArgumentException("epsilon must be positive, was " + epsilon);
      }
    }

    /** Betas .9 and .95, epsilon 1e-8, weight decay .1: what LLaMA was trained with. */
    public static AdamW usual() {
      return new AdamW(0.9, 0.95, 1e-8, 0.1);
    }

    /** The same with another decay. */
    public AdamW withWeightDecay(double decay) {
      return new AdamW(beta1, beta2, epsilon, decay);
    }

    @Override
    public String label() {
      return "AdamW " + beta1 + "/" + beta2 + ", decay " + weightDecay;
    }
  }

  /**
   * Lion (arXiv 2302.06675): steps of equal size along the sign of a mean of gradients; everything
   * decays.
   *
   * @param beta1 of the mean that is stepped along, in [0, 1)
   * @param beta2 of the mean that is kept, in [0, 1)
   * @param weightDecay at least 0
   */
  record Lion(double beta1, double beta2, double weightDecay) implements Optimizer {
    public Lion {
      requireBeta("beta1", beta1);
      requireBeta("beta2", beta2);
      requireDecay(weightDecay);
    }

    /** Betas .9 and .95, weight decay 1e-4: Just CHOP's (arXiv 2305.14864). */
    public static Lion usual() {
      return new Lion(0.9, 0.95, 1e-4);
    }

    /** The same with another decay. */
    public Lion withWeightDecay(double decay) {
      return new Lion(beta1, beta2, decay);
    }

    @Override
    public String label() {
      return "Lion " + beta1 + "/" + beta2 + ", decay " + weightDecay;
    }
  }

  /** "AdamW 0.9/0.95, decay 0.1": for lineage. */
  String label();

  private static void requireBeta(String name, double beta) {
    if (!(beta >= 0 && beta < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), was " + beta);
    }
  }

  private static void requireDecay(double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("weight decay must be in [0, 1), was " + decay);
    }
  }
}
