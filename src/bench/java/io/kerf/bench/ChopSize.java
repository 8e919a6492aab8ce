package io.kerf.bench;

import io.kerf.train.Pretraining;

/**
 * How large the tables are made.
 *
 * @param tokens that every variant is trained on
 * @param examples of 256 tokens in a step
 * @param rows of each task
 * @param windows of text that perplexity is measured on
 * @param seeds how many orders of the text each strategy is trained by
 * @param bfloat16 whether training multiplies in bfloat16
 */
record ChopSize(
    long tokens,
    int examples,
    int rows,
    int windows,
    int seeds,
    double learningRate,
    boolean bfloat16) {
  private static final int CONTEXT = 256;

  /**
   * The recipe of this size; its checkpoints are not kept, so that nothing is read that was not
   * measured.
   */
  Pretraining recipe(Pretraining on) {
    Pretraining recipe =
        on.tokens(tokens).batch(examples, CONTEXT).learningRate(learningRate).withoutCheckpoints();
    return bfloat16 ? recipe.bfloat16() : recipe;
  }

  /** Steps of the whole run. */
  int steps() {
    return Math.toIntExact((tokens + (long) examples * CONTEXT - 1) / ((long) examples * CONTEXT));
  }

  /** Steps of the whole model before the cut: a quarter of the run's, as 500 of 2,000 are. */
  int warmSteps() {
    return Math.max(1, steps() / 4);
  }
}
