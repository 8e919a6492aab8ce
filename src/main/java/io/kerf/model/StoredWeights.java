package io.kerf.model;

import io.kerf.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** A model's weights under the names, and in the layout, of today's Hugging Face files. */
final class StoredWeights {
  private final Architecture architecture;
  private final Model model;
  private final Map<String, Tensor> weights = new LinkedHashMap<>(); // as the architecture spells

  private StoredWeights(Model model) {
    this.model = model;
    this.architecture = Architecture.of(model.config().family());
    model.shared().forEach((role, parameter) -> add(role, -1, parameter));
    for (int block = 0; block < model.blocks().size(); block++) {
      int index = block;
      model.blocks().get(block).parameters().forEach((role, p) -> add(role, index, p));
    }
  }

  /**
   * Every tensor of a model's files by its name.
   *
   * @throws IllegalArgumentException if blocks differ that the family's files hold once
   */
  static Map<String, Tensor> of(Model model) {
    StoredWeights stored = new StoredWeights(model);
    Map<String, Tensor> files = new LinkedHashMap<>();
    stored.architecture.stored(model, stored.weights).forEach(files::put);
    return files;
  }

  private void add(Role role, int block, Parameter parameter) {
    String name = model.layerName(role, block);
    BiConsumer<String, Tensor> put =
        (full, tensor) -> {
          Tensor before = tensor == null ? null : weights.putIfAbsent(full, tensor);
          if (before != null && before != tensor) {
            throw new IllegalArgumentException(
                full
                    + " is one tensor for all blocks in the files of "
                    + architecture.family().modelType()
                    + ", but block "
                    + block
                    + " of '"
                    + model.label()
                    + "' has another: cut all blocks alike, or do not save");
          }
        };
    put.accept(name + ".weight", parameter.weight());
    put.accept(name + ".bias", parameter.bias());
  }
}
