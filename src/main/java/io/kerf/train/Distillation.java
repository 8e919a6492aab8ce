package io.kerf.train;

import io.kerf.engine.Teaching;
import io.kerf.model.Block;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Learning from a model that was not cut: half from the text, half from what the teacher says of it
 * (logits at temperature 2), unless something else is asked for.
 *
 * @param teacher the model that is learned from
 * @param temperature by which both models' logits are divided
 * @param soft the share of the teacher's words in the loss, in [0, 1]
 * @param hidden weight of the mean squared difference of hidden states; 0 for none
 * @param layers for each block of the student, the teacher's block that it is held against; empty
 *     for the one that it was
 * @param contrast weight of the contrast between tokens (QuantGPT); 0 for none
 * @param contrastTemperature by which its cosines are divided
 */
public record Distillation(
    Model teacher,
    double temperature,
    double soft,
    double hidden,
    List<Integer> layers,
    double contrast,
    double contrastTemperature) {
  public Distillation {
    Objects.requireNonNull(teacher, "teacher");
    layers = List.copyOf(layers);
    if (!(soft >= 0 && soft <= 1)) {
      throw new IllegalArgumentException("the teacher's share must be in [0, 1], was " + soft);
    }
  }

  /** From logits alone. */
  public static Distillation from(Model teacher) {
    return new Distillation(teacher, 2, 0.5, 0, List.of(), 0, 0.1);
  }

  /** The same with logits divided by that. */
  public Distillation temperature(double other) {
    return new Distillation(teacher, other, soft, hidden, layers, contrast, contrastTemperature);
  }

  /** The same with the teacher's words that share of the loss; 1 leaves the text's labels out. */
  public Distillation share(double other) {
    return new Distillation(
        teacher, temperature, other, hidden, layers, contrast, contrastTemperature);
  }

  /** The same, and from hidden states, each block's held against the one that it was. */
  public Distillation hidden(double weight) {
    return new Distillation(
        teacher, temperature, soft, weight, layers, contrast, contrastTemperature);
  }

  /** The same with these blocks of the teacher for the student's, first to last. */
  public Distillation layers(Integer... teachers) {
    return new Distillation(
        teacher, temperature, soft, hidden, List.of(teachers), contrast, contrastTemperature);
  }

  /**
   * The same, and token by token: what the student's head reads is drawn to what the teacher's
   * reads at the same place and away from what it reads elsewhere in the text (QuantGPT, arXiv
   * 2203.10705; {@link Teaching} has the formula), for students whose weights are rounded.
   */
  public Distillation contrast(double weight) {
    return new Distillation(
        teacher, temperature, soft, hidden, layers, weight, contrastTemperature);
  }

  Teaching teaching(Model student) {
    List<Integer> map = hidden > 0 && layers.isEmpty() ? origins(student) : layers;
    return new Teaching(teacher, 1 - soft, soft, temperature, hidden, map)
        .withContrast(contrast, contrastTemperature);
  }

  private List<Integer> origins(Model student) {
    List<Integer> map = new ArrayList<>();
    for (Block block : student.blocks()) {
      int found = -1;
      for (int t = 0; t < teacher.blocks().size(); t++) {
        Block other = teacher.blocks().get(t);
        if (other.stack() == block.stack() && other.origin() == block.origin()) {
          found = t;
        }
      }
      if (found < 0) {
        throw new IllegalArgumentException(
            "the teacher has no "
                + block.stack().label()
                + " block "
                + block.origin()
                + ", which the student's was: say which are held against each other, .layers(...)");
      }
      map.add(found);
    }
    return map;
  }

  String label() {
    String from = hidden > 0 ? "distilled with hidden states" : "distilled";
    return contrast > 0 ? from + " and contrast" : from;
  }
}
