package io.kerf.engine;

import java.util.Objects;
import java.util.Optional;

/**
 * How a session trains.
 *
 * @param clipNorm gradients are scaled down to this global norm; infinity for never
 * @param bfloat16 whether linear layers multiply in bfloat16; weights, gradients and the
 *     optimizer's state are float32 all the same
 * @param dropout the share of outputs of embeddings, attention and feed-forward layers that is
 *     dropped, in [0, 1)
 * @param seed of what is dropped
 * @param passTokens so many tokens at most go through the model at once; a step of more is made of
 *     several passes, whose gradients are weighted by their labels
 * @param recompute whether each block is computed again on the way back, for less memory (gradient
 *     checkpointing, arXiv 1604.06174)
 * @param changes what learns, and in what form
 * @param teaching from whom it learns beside the text
 */
public record TrainingOptions(
    Optimizer optimizer,
    double clipNorm,
    boolean bfloat16,
    double dropout,
    long seed,
    int passTokens,
    boolean recompute,
    WeightChange changes,
    Optional<Teaching> teaching) {
  public TrainingOptions {
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(changes, "changes");
    Objects.requireNonNull(teaching, "teaching");
    if (!(clipNorm > 0)) {
      throw new IllegalArgumentException("the norm to clip to must be positive, was " + clipNorm);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), was " + dropout);
    }
    if (passTokens < 1) {
      throw new IllegalArgumentException("tokens of a pass must be at least 1, was " + passTokens);
    }
  }

  /** AdamW as LLaMA was trained with it, clipped to 1, in float32, 1024 tokens a pass. */
  public static TrainingOptions usual() {
    return new TrainingOptions(
        Optimizer.AdamW.usual(), 1, false, 0, 0, 1024, false, WeightChange.ALL, Optional.empty());
  }

  public TrainingOptions withOptimizer(Optimizer other) {
    return new TrainingOptions(
        other, clipNorm, bfloat16, dropout, seed, passTokens, recompute, changes, teaching);
  }

  public TrainingOptions withClipNorm(double norm) {
    return new TrainingOptions(
        optimizer, norm, bfloat16, dropout, seed, passTokens, recompute, changes, teaching);
  }

  public TrainingOptions withBfloat16(boolean half) {
    return new TrainingOptions(
        optimizer, clipNorm, half, dropout, seed, passTokens, recompute, changes, teaching);
  }

  public TrainingOptions withDropout(double share, long dropoutSeed) {
    return new TrainingOptions(
        optimizer,
        clipNorm,
        bfloat16,
        share,
        dropoutSeed,
        passTokens,
        recompute,
        changes,
        teaching);
  }

  public TrainingOptions withPassTokens(int tokens) {
    return new TrainingOptions(
        optimizer, clipNorm, bfloat16, dropout, seed, tokens, recompute, changes, teaching);
  }

  public TrainingOptions withRecompute(boolean again) {
    return new TrainingOptions(
        optimizer, clipNorm, bfloat16, dropout, seed, passTokens, again, changes, teaching);
  }

  public TrainingOptions withChanges(WeightChange other) {
    return new TrainingOptions(
        optimizer, clipNorm, bfloat16, dropout, seed, passTokens, recompute, other, teaching);
  }

  public TrainingOptions withTeaching(Teaching from) {
    return new TrainingOptions(
        optimizer,
        clipNorm,
        bfloat16,
        dropout,
        seed,
        passTokens,
        recompute,
        changes,
        Optional.of(from));
  }
}
