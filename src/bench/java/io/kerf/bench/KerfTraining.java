package io.kerf.bench;

import io.kerf.engine.Example;
import io.kerf.model.Model;
import java.util.List;

/**
 * Kerf's training as the benchmark drives it: AdamW (betas .9 and .95, epsilon 1e-8, decay {@link
 * TrainingSetting#WEIGHT_DECAY} of weights of two or more dimensions) and clipping at {@link
 * TrainingSetting#CLIP}, as {@code train.py} has them. Everything else of the benchmark is as it
 * stays; this is the one class that knows the engine.
 */
final class KerfTraining implements AutoCloseable {
  /**
   * What a step says of itself.
   *
   * @param loss mean over the step's labels, before the step
   * @param gradientNorm over all that trains, before clipping
   */
  record Step(double loss, double gradientNorm) {}

  private KerfTraining() {}

  /**
   * Opens a model for training.
   *
   * @param setting its arithmetic, threads and learning rate
   */
  static KerfTraining open(Model model, TrainingSetting setting) {
    throw new UnsupportedOperationException(
        "Kerf trains nothing yet in " + setting.dtype() + "; --by torch measures the peer alone");
  }

  /** Makes a step of these examples. */
  Step step(List<Example> examples) {
    throw new UnsupportedOperationException("a step of " + examples.size() + " examples");
  }

  @Override
  public void close() {}
}
