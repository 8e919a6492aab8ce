package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * One weight of a model in a row of a table.
 *
 * @param name Hugging Face's name for its layer, as the model now is
 * @param block its block's index in the model as it now is, or -1 outside the blocks
 * @param role what it does
 * @param shape a linear layer's is (out, in)
 * @param encoding how it is held
 * @param sizeBytes in that encoding
 * @param zeros how many of its numbers are exactly zero
 */
public record WeightSummary(
    String name, int block, Role role, Shape shape, String encoding, long sizeBytes, long zeros) {

  /**
   * Every weight of a model (biases left out): those outside the blocks, then block by block. One
   * that several blocks share is there once, at its first place.
   */
  public static List<WeightSummary> of(Model model) {
    List<WeightSummary> rows = new ArrayList<>();
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    model.shared().keySet().forEach(role -> add(rows, seen, model, new Site(Site.OUTSIDE, role)));
    for (int block = 0; block < model.blocks().size(); block++) {
      for (Role role : model.blocks().get(block).parameters().keySet()) {
        add(rows, seen, model, new Site(block, role));
      }
    }
    return List.copyOf(rows);
  }

  private static void add(List<WeightSummary> rows, Set<Tensor> seen, Model model, Site site) {
    Tensor weight = site.parameter(model).weight();
    if (weight != null && seen.add(weight)) {
      rows.add(
          new WeightSummary(
              site.name(model),
              site.block(),
              site.role(),
              weight.shape(),
              weight.encoding(),
              weight.sizeBytes(),
              weight.zeros()));
    }
  }

  /** "576 x 1536". */
  public String dimensions() {
    return shape.toString();
  }

  /** How many numbers it holds. */
  public long parameters() {
    return shape.elements();
  }

  /** The share of them that are zero, in [0, 1]. */
  public double sparsity() {
    return parameters() == 0 ? 0 : (double) zeros / parameters();
  }
}
