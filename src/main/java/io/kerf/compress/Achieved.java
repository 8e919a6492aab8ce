package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a model came to, measured on its weights as they are. "Linear" speaks of the weight matrices
 * of the linear layers inside the blocks, the part that compression papers report on. A tensor that
 * several blocks share counts once.
 *
 * @param layers how many blocks
 * @param parameters numbers in the whole model, zeros included
 * @param sizeBytes of the whole model, in the encodings its tensors are held in
 * @param linearWeights numbers in the linear layers
 * @param linearZeros how many of them are exactly zero
 * @param linearBytes that they take; a pruned matrix counts its kept values and one bit a weight
 */
public record Achieved(
    int layers,
    long parameters,
    long sizeBytes,
    long linearWeights,
    long linearZeros,
    long linearBytes) {

  /** Measures a model. */
  public static Achieved of(Model model) {
    long weights = 0;
    long zeros = 0;
    long bytes = 0;
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (var block : model.blocks()) {
      for (Map.Entry<Role, Parameter> entry : block.parameters().entrySet()) {
        Tensor weight = entry.getValue().weight();
        if (entry.getKey().isBlockLinear() && weight != null && seen.add(weight)) {
          weights += weight.shape().elements();
          zeros += weight.zeros();
          bytes += weight.sizeBytes();
        }
      }
    }
    return new Achieved(
        model.blocks().size(), model.elements(), model.sizeBytes(), weights, zeros, bytes);
  }

  /** The share of linear weights that are zero, in [0, 1]. */
  public double sparsity() {
    return linearWeights == 0 ? 0 : (double) linearZeros / linearWeights;
  }

  /** Mean number of bits a linear weight takes, scales, zero points and masks included. */
  public double bitsPerWeight() {
    return linearWeights == 0 ? 0 : 8.0 * linearBytes / linearWeights;
  }
}
