package io.kerf.train;

import io.kerf.compress.LayerRemoval;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.Scope;
import io.kerf.engine.Optimizer;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import io.kerf.train.corpus.Corpus;
import io.kerf.train.corpus.Examples;
import io.kerf.train.corpus.Objective;
import io.kerf.train.corpus.Packing;
import io.kerf.train.corpus.TokenDocuments;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a model is trained further on a text. Every method gives another recipe and leaves this one
 * as it is: {@code onText(corpus).tokens(200_000).learningRate(3e-4).batch(8, 256)}.
 *
 * <p>Unless something else is asked for: 200,000 tokens in steps of 8 texts of 256 tokens; AdamW at
 * 3e-4 with a warm-up of a tenth of the steps and half a cosine wave down to a tenth; gradients
 * clipped to norm 1; float32; no dropout; all weights, but pruned ones stay zero.
 */
public final class Pretraining {
  private static final double HIGHEST_RATE = 0.1;

  /** Which weights stay zero. */
  enum Zeros {
    PRUNED,
    ALL,
    NONE
  }

  /** The text in whichever form, packed. */
  private interface Source {
    Examples examples(Packing packing, Model model, ProgressListener listener);
  }

  private final Source source;
  private long tokens = 200_000;
  private int rows = 8;
  private int context = 256;
  private double learningRate = 3e-4;
  private int warmUp = -1;
  private double floor = 0.1;
  private Optimizer optimizer = Optimizer.AdamW.usual();
  private double clipNorm = 1;
  private boolean bfloat16;
  private double dropout;
  private long seed;
  private int passTokens = 1024;
  private boolean recompute;
  private Optional<Objective> objective = Optional.empty();
  private Optional<Lora> lora = Optional.empty();
  private boolean merged;
  private Optional<Distillation> distillation = Optional.empty();
  private Optional<RoundToNearest> rounding = Optional.empty();
  private Zeros zeros = Zeros.PRUNED;
  private Optional<Sparse> sparse = Optional.empty();
  private Optional<Chop> chop = Optional.empty();
  private Keeping keeping = Keeping.USUAL;

  private Pretraining(Source source) {
    this.source = source;
  }

  /** On a corpus. */
  public static Pretraining on(Corpus corpus) {
    Objects.requireNonNull(corpus, "corpus");
    return new Pretraining((packing, model, l) -> packing.examples(corpus, model, l));
  }

  /** On documents that come in tokens: what a model writes itself. */
  public static Pretraining on(TokenDocuments documents) {
    Objects.requireNonNull(documents, "documents");
    return new Pretraining((packing, model, l) -> packing.examples(documents, model, l));
  }

  private Pretraining with(Consumer<Pretraining> change) {
    Pretraining copy = new Pretraining(source);
    copy.tokens = tokens;
    copy.rows = rows;
    copy.context = context;
    copy.learningRate = learningRate;
    copy.warmUp = warmUp;
    copy.floor = floor;
    copy.optimizer = optimizer;
    copy.clipNorm = clipNorm;
    copy.bfloat16 = bfloat16;
    copy.dropout = dropout;
    copy.seed = seed;
    copy.passTokens = passTokens;
    copy.recompute = recompute;
    copy.objective = objective;
    copy.lora = lora;
    copy.merged = merged;
    copy.distillation = distillation;
    copy.rounding = rounding;
    copy.zeros = zeros;
    copy.sparse = sparse;
    copy.chop = chop;
    copy.keeping = keeping;
    change.accept(copy);
    return copy;
  }

  /** On so many tokens, rounded up to whole steps; a text that is shorter is read again. */
  public Pretraining tokens(long count) {
    positive("tokens", count);
    return with(r -> r.tokens = count);
  }

  /** In steps of so many examples of so many tokens. */
  public Pretraining batch(int examples, int contextTokens) {
    positive("examples of a step", examples);
    positive("tokens of an example", contextTokens);
    return with(
        r -> {
          r.rows = examples;
          r.context = contextTokens;
        });
  }

  /** With that peak of the learning rate: 1e-5 to 1e-3 for whole models, to 1e-2 for LoRA. */
  public Pretraining learningRate(double peak) {
    if (!(peak > 0 && peak <= HIGHEST_RATE)) {
      throw new IllegalArgumentException(
          "learning rate must be in (0, 0.1], was "
              + peak
              + ": usual are 1e-5 to 1e-3, and up to 1e-2 for LoRA; write 3e-4 for 0.0003");
    }
    return with(r -> r.learningRate = peak);
  }

  /** With so many steps until the learning rate's peak. */
  public Pretraining warmUp(int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("warm-up must be at least 0 steps, was " + steps);
    }
    return with(r -> r.warmUp = steps);
  }

  /** With that share of the learning rate left at the end, in [0, 1]; 1 keeps it constant. */
  public Pretraining fallingTo(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "the share of the learning rate at the end must be in [0, 1], was " + share);
    }
    return with(r -> r.floor = share);
  }

  /** With Lion as Just CHOP has it; its learning rate is a third to a tenth of AdamW's. */
  public Pretraining lion() {
    return optimizer(Optimizer.Lion.usual());
  }

  /** With that optimizer. */
  public Pretraining optimizer(Optimizer other) {
    Objects.requireNonNull(other, "optimizer");
    return with(r -> r.optimizer = other);
  }

  /** With weights that decay by learning rate x decay in each step. */
  public Pretraining weightDecay(double decay) {
    return optimizer(
        optimizer instanceof Optimizer.AdamW adam
            ? adam.withWeightDecay(decay)
            : ((Optimizer.Lion) optimizer).withWeightDecay(decay));
  }

  /** With gradients scaled down to that global norm. */
  public Pretraining clip(double norm) {
    positive("the norm to clip to", norm);
    return with(r -> r.clipNorm = norm);
  }

  /** With linear layers multiplied in bfloat16; weights and optimizer stay float32. */
  public Pretraining bfloat16() {
    return with(r -> r.bfloat16 = true);
  }

  /** With that share of outputs of embeddings, attention and feed-forward layers dropped. */
  public Pretraining dropout(double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), was " + share);
    }
    return with(r -> r.dropout = share);
  }

  /** With that seed of the order, of masks, of what is dropped, of adapters. */
  public Pretraining seed(long other) {
    return with(r -> r.seed = other);
  }

  /** With so many tokens at most in memory at once; the result is the same to rounding. */
  public Pretraining passTokens(int most) {
    positive("tokens of a pass", most);
    return with(r -> r.passTokens = most);
  }

  /** With blocks computed again on the way back: less memory, a third more time. */
  public Pretraining recomputing() {
    return with(r -> r.recompute = true);
  }

  /** Learning something else of the text than the model's kind first did. */
  public Pretraining by(Objective other) {
    return with(r -> r.objective = Optional.of(other));
  }

  /** With adapters that learn beside the weights, which stay; see {@link Lora}. */
  public Pretraining lora(Lora adapters) {
    return with(r -> r.lora = Optional.of(adapters));
  }

  /** With adapters of that rank on queries, keys and values. */
  public Pretraining lora(int rank) {
    return lora(Lora.of(rank));
  }

  /** With the adapters made part of the weights at the end. */
  public Pretraining merged() {
    return with(r -> r.merged = true);
  }

  /** Learning from another model too. */
  public Pretraining distilling(Distillation from) {
    return with(r -> r.distillation = Optional.of(from));
  }

  /**
   * With weights rounded wherever they are used, while what is learned is not (quantization-aware
   * training; gradients pass straight through, arXiv 1308.3432); rounded at the end.
   */
  public Pretraining rounding(RoundToNearest to) {
    return with(r -> r.rounding = Optional.of(to));
  }

  /**
   * With all weights of linear layers that are zero staying so, not those alone that a cut pruned.
   */
  public Pretraining keepingZeros() {
    return with(r -> r.zeros = Zeros.ALL);
  }

  /** With pruned weights free to become something else than zero again. */
  public Pretraining growing() {
    return with(r -> r.zeros = Zeros.NONE);
  }

  /**
   * With a mask that keeps {@code kept} of every {@code of} weights of a row and moves with them,
   * while what it leaves out decays, until it is final after half of the steps (AST, arXiv
   * 2407.20584): chosen again every 10 steps, decay 2e-4.
   */
  public Pretraining movingMask(int kept, int of) {
    return movingMask(kept, of, 10, 2e-4);
  }

  /** As {@link #movingMask(int, int)}, chosen again every so many steps, with that decay. */
  public Pretraining movingMask(int kept, int of, int every, double decay) {
    Sparse mask = new Sparse.Moving(kept, of, every, decay, List.of(Scope.ALL));
    return with(r -> r.sparse = Optional.of(mask));
  }

  /**
   * With small factors by which the weights of all linear layers are multiplied and that alone
   * learn, so that every zero stays (SPP, arXiv 2405.16057).
   *
   * @param rank a divisor of the layers' rows: 4, 8, 16
   */
  public Pretraining factors(int rank) {
    Sparse factors = new Sparse.Multiplied(rank, 2.0 * rank, List.of(Scope.ALL));
    return with(r -> r.sparse = Optional.of(factors));
  }

  /** With layers taken out after so many steps of the whole model (LayerCHOP). */
  public Pretraining chopping(LayerRemoval removal, int warmSteps) {
    return with(r -> r.chop = Optional.of(new Chop(removal, warmSteps, 1, 0)));
  }

  /** With layers taken out in so many cuts, so many steps apart. */
  public Pretraining choppingGradually(
      LayerRemoval removal, int warmSteps, int cuts, int stepsBetween) {
    return with(r -> r.chop = Optional.of(new Chop(removal, warmSteps, cuts, stepsBetween)));
  }

  /**
   * With its checkpoints in that folder, where they stay. Run again with the same settings it goes
   * on from the last of them.
   */
  public Pretraining keptIn(Path folder) {
    return with(r -> r.keeping = r.keeping.in(folder));
  }

  /** With a checkpoint after every so many steps, instead of every few minutes. */
  public Pretraining checkpointEvery(int steps) {
    positive("steps between checkpoints", steps);
    return with(r -> r.keeping = r.keeping.every(steps));
  }

  /** Without checkpoints: an interrupted training is lost. */
  public Pretraining withoutCheckpoints() {
    return with(r -> r.keeping = Keeping.NOTHING);
  }

  private static void positive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
  }

  // ---------------------------------------------------------------- what a run reads

  Examples examples(Model model, ProgressListener listener) {
    Packing packing = Packing.of(context, seed);
    return source.examples(objective.map(packing::by).orElse(packing), model, listener);
  }

  int steps() {
    long perStep = (long) rows * context;
    return Math.toIntExact((tokens + perStep - 1) / perStep);
  }

  Schedule schedule() {
    int steps = steps();
    int up = warmUp < 0 ? steps / 10 : warmUp;
    if (up > steps) {
      throw new IllegalArgumentException(
          "a warm-up of "
              + up
              + " steps is longer than the run of "
              + steps
              + " steps: train for more tokens, or warm up for fewer steps");
    }
    return new Schedule(learningRate, up, steps, floor);
  }

  /** How many examples a step has. */
  public int rows() {
    return rows;
  }

  int context() {
    return context;
  }

  long seed() {
    return seed;
  }

  double clipNorm() {
    return clipNorm;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  boolean half() {
    return bfloat16;
  }

  double dropout() {
    return dropout;
  }

  int passTokens() {
    return passTokens;
  }

  /** Whether blocks are computed again on the way back. */
  public boolean recomputes() {
    return recompute;
  }

  boolean merges() {
    return merged;
  }

  Optional<Sparse> sparse() {
    return sparse;
  }

  Zeros zeros() {
    return zeros;
  }

  Optional<Lora> lora() {
    return lora;
  }

  Optional<Distillation> distillation() {
    return distillation;
  }

  Optional<RoundToNearest> rounding() {
    return rounding;
  }

  Optional<Chop> chop() {
    return chop;
  }

  Keeping keeping() {
    return keeping;
  }
}
