package io.kerf.engine;

import io.kerf.model.Model;
import java.util.List;
import java.util.Objects;

/**
 * Distillation (arXiv 1503.02531): a model learns from what another one says of the same text,
 * {@code hard} x cross entropy + {@code soft} x T^2 KL(teacher || student), from its hidden states,
 * and by telling its tokens apart.
 *
 * <p>The contrast is token-level contrastive distillation for quantized students (QuantGPT, arXiv
 * 2203.10705). With h_i what the student's head reads to predict the i-th label, g_i what the
 * teacher's head reads for the same, and S(i) the labels of the same example, a label's loss is
 *
 * <pre>- log( exp(cos(h_i, g_i) / t) / sum over j in S(i) of exp(cos(h_i, g_j) / t) )</pre>
 *
 * its mean over labels is added, times {@code contrast}. The paper's are the positive of the
 * teacher's same token, negatives of the teacher's other tokens, the distillation of logits beside
 * it. Ours: negatives are all other labelled tokens of the same example as the teacher has them now
 * (the paper, as remembered, draws some of them and keeps smoothed states of earlier steps in a
 * memory bank), and there is no projection. So the loss does not depend on what else is in a step.
 *
 * @param teacher a model of the same vocabulary and kind
 * @param hard weight of the labels' cross entropy
 * @param soft weight of the divergence from the teacher's predictions
 * @param temperature T by which both models' logits are divided
 * @param hidden weight of the mean squared difference of hidden states; 0 for none
 * @param layers for each block of the student, which of the teacher's its output is compared with;
 *     empty where none are
 * @param contrast weight of the contrast between tokens; 0 for none
 * @param contrastTemperature t, by which cosines are divided
 */
public record Teaching(
    Model teacher,
    double hard,
    double soft,
    double temperature,
    double hidden,
    List<Integer> layers,
    double contrast,
    double contrastTemperature) {
  public Teaching {
    Objects.requireNonNull(teacher, "teacher");
    layers = List.copyOf(layers);
    requireWeight("the labels' weight", hard);
    requireWeight("the teacher's weight", soft);
    requireWeight("the hidden states' weight", hidden);
    requireWeight("the contrast's weight", contrast);
    if (!(contrastTemperature > 0 && contrastTemperature <= 100)) {
      throw new IllegalArgumentException(
          "the contrast's temperature must be in (0, 100], was " + contrastTemperature);
    }
    if (!(temperature > 0 && temperature <= 100)) {
      throw new IllegalArgumentException("temperature must be in (0, 100], was " + temperature);
    }
  }

  /** Without a contrast between tokens. */
  public Teaching(
      Model teacher,
      double hard,
      double soft,
      double temperature,
      double hidden,
      List<Integer> layers) {
    this(teacher, hard, soft, temperature, hidden, layers, 0, 0.1);
  }

  /** The same with a contrast between tokens of that weight. */
  public Teaching withContrast(double weight, double dividedBy) {
    return new Teaching(teacher, hard, soft, temperature, hidden, layers, weight, dividedBy);
  }

  private static void requireWeight(String name, double weight) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be at least 0, was " + weight);
    }
  }
}
