package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * One weight or bias of a model in a row of a table.
 *
 * @param name Hugging Face's, as the model now is: "model.layers.3.mlp.down_proj.weight"
 * @param block its block's index in the model as it now is, or -1 outside the blocks
 * @param role what its layer does
 * @param bias whether it is the layer's bias
 * @param shape a linear layer's is (out, in)
 * @param encoding how it is held
 * @param sizeBytes in that encoding
 * @param zeros how many of its numbers are exactly zero
 */
public record WeightSummary(
    String name,
    int block,
    Role role,
    boolean bias,
    Shape shape,
    String encoding,
    long sizeBytes,
    long zeros) {

  /**
   * Every weight and bias of a model: those outside the blocks, then block by block. One that
   * several blocks share is there once, at its first place.
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
    Parameter parameter = site.parameter(model);
    if (parameter.weight() != null && seen.add(parameter.weight())) {
      rows.add(row(model, site, parameter.weight(), false));
    }
    parameter
        .optionalBias()
        .filter(seen::add)
        .ifPresent(bias -> rows.add(row(model, site, bias, true)));
  }

  private static WeightSummary row(Model model, Site site, Tensor tensor, boolean bias) {
    return new WeightSummary(
        site.name(model) + (bias ? ".bias" : ".weight"),
        site.block(),
        site.role(),
        bias,
        tensor.shape(),
        tensor.encoding(),
        tensor.sizeBytes(),
        tensor.zeros());
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
