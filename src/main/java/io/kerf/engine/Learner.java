package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.model.Model;
import java.util.List;
import java.util.Set;

/** A family's forward pass in stages. */
sealed interface Learner permits DecoderLearner, EncoderLearner, CrossLearner {
  /**
   * A pass that was made.
   *
   * @param hidden what the head reads (R, D)
   * @param labels of these rows
   * @param owners for each of these rows, a number of the example that it is of
   */
  record Passed(NDArray hidden, long[] labels, long[] owners) {}

  static Learner of(Model model, Learning how) {
    return switch (model.config().family().kind()) {
      case CAUSAL -> new DecoderLearner(DecoderSession.learning(model, how));
      case MASKED -> new EncoderLearner(EncoderSession.learning(model, how));
      case ENCODER_DECODER -> new CrossLearner(EncoderDecoderSession.learning(model, how));
    };
  }

  Page page();

  Head head();

  /** How many labels of an example count. */
  int counted(Example example);

  /** How many tokens of an example are read. */
  int read(Example example);

  /**
   * Goes forward.
   *
   * @param watched indices of the blocks whose outputs the trail is to watch
   */
  Passed forward(PtNDManager scratch, Trail trail, List<Example> examples, Set<Integer> watched);
}
