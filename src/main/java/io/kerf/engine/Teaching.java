package io.kerf.engine;

import io.kerf.model.Model;
import java.util.List;
import java.util.Objects;

/**
 * Distillation (arXiv 1503.02531): a model learns from what another one says of the same text,
 * {@code hard} x cross entropy + {@code soft} x T^2 KL(teacher || student), and from its hidden
 * states.
 *
 * @param teacher a model of the same vocabulary and kind
 * @param hard weight of the labels' cross entropy
 * @param soft weight of the divergence from the teacher's predictions
 * @param temperature T by which both models' logits are divided
 * @param hidden weight of the mean squared difference of hidden states; 0 for none
 * @param layers for each block of the student, which of the teacher's its output is compared with;
 *     empty where none are
 */
public record Teaching(
    Model teacher,
    double hard,
    double soft,
    double temperature,
    double hidden,
    List<Integer> layers) {
  public Teaching {
    Objects.requireNonNull(teacher, "teacher");
    layers = List.copyOf(layers);
    requireWeight("the labels' weight", hard);
    requireWeight("the teacher's weight", soft);
    requireWeight("the hidden states' weight", hidden);
    if (!(temperature > 0 && temperature <= 100)) {
      throw new IllegalArgumentException("temperature must be in (0, 100], was " + temperature);
    }
  }

  private static void requireWeight(String name, double weight) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be at least 0, was " + weight);
    }
  }
}
