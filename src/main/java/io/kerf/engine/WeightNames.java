package io.kerf.engine;

import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a model's tensors are called while it learns. A block goes by its place in the model as
 * loaded, so that names stay when other blocks are removed; a tensor of several places has the name
 * of the first.
 */
final class WeightNames {
  /**
   * Where a tensor stands.
   *
   * @param name "decoder.3.query.weight", "token_embedding.weight"
   * @param block its index in the model, or {@link WeightChange#OUTSIDE}
   */
  record Place(String name, int block, Role role) {}

  private final Map<Tensor, Place> places = new IdentityHashMap<>();

  private WeightNames() {}

  static WeightNames of(Model model) {
    WeightNames names = new WeightNames();
    model.shared().forEach((role, p) -> names.add("", WeightChange.OUTSIDE, role, p));
    for (int b = 0; b < model.blocks().size(); b++) {
      Block block = model.blocks().get(b);
      String prefix = block.stack().name().toLowerCase(Locale.ROOT) + "." + block.origin() + ".";
      int index = b;
      block.parameters().forEach((role, p) -> names.add(prefix, index, role, p));
    }
    return names;
  }

  private void add(String prefix, int block, Role role, Parameter parameter) {
    String name = prefix + role.name().toLowerCase(Locale.ROOT);
    if (parameter.weight() != null) {
      places.putIfAbsent(parameter.weight(), new Place(name + ".weight", block, role));
    }
    if (parameter.bias() != null) {
      places.putIfAbsent(parameter.bias(), new Place(name + ".bias", block, role));
    }
  }

  Place place(Tensor tensor) {
    Place place = places.get(tensor);
    if (place == null) {
      throw new IllegalArgumentException("a tensor is not one of the model's: " + tensor.shape());
    }
    return place;
  }
}
