package io.kerf.eval;

/**
 * What a model settles on for a document, as one metric reads its answers.
 *
 * @param answer what it settles on, so that two of its answers can be compared
 * @param probability that the model gives to it, in [0, 1]
 * @param right whether it is right
 */
public record Verdict(String answer, double probability, boolean right) {
  public Verdict {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "a verdict's probability must be in [0, 1], was " + probability);
    }
  }
}
