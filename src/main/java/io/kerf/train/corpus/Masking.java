package io.kerf.train.corpus;

import io.kerf.model.Family;

/**
 * Some tokens are chosen and predicted: 80 % of them are replaced by the mask token, 10 % by a
 * token drawn from the vocabulary, 10 % stay (BERT, arXiv 1810.04805).
 *
 * <p>Special tokens are neither chosen nor drawn. Of n others exactly round(share n) are chosen, at
 * least one, as BERT's own program does; transformers chooses each by itself.
 *
 * @param share of the tokens that are not special, in (0, 1)
 */
public record Masking(double share) implements Objective {
  static final double MASKED = 0.8;
  static final double REPLACED = 0.1;

  public Masking {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "the share of masked tokens must be in (0, 1), was " + share + "; for 15 % write 0.15");
    }
  }

  @Override
  public Family.Kind kind() {
    return Family.Kind.MASKED;
  }

  @Override
  public String label() {
    return "masking " + share;
  }
}
