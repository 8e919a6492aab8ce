package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.WeightFile;
import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One model family's side of Hugging Face's files: what {@code config.json} says and what the
 * weights are called. A new family is one implementation and its place in {@link #ALL}.
 */
interface Architecture {
  /** Those we have. */
  List<Architecture> ALL =
      List.of(
          new BertArchitecture(),
          new RobertaArchitecture(),
          new DistilBertArchitecture(),
          new AlbertArchitecture(),
          new T5Architecture(),
          new LlamaArchitecture(),
          new Gpt2Architecture(),
          new OptArchitecture(),
          new GptNeoxArchitecture(),
          new MistralArchitecture(),
          new Qwen2Architecture(),
          new Qwen3Architecture(),
          new Gemma2Architecture(),
          new Gemma3Architecture(),
          new PhiArchitecture());

  Family family();

  /** The layers' names by role; "{}" stands for the block's index in its stack. */
  Map<Role, String> modules();

  /** The names in the blocks of a stack, where they depend on that or on the configuration. */
  default Map<Role, String> modules(Config config, Stack stack) {
    return modules();
  }

  /** Reads a configuration, in the spelling of transformers 5 or of those before it. */
  Blueprint blueprint(HuggingFaceConfig config);

  /** How the weights are called, with and without prefix, by old names and new. */
  Spelling spelling(Config config);

  // ---- what a writer needs

  /** The class of transformers that opens such a model: "BertForMaskedLM". */
  String transformersClass();

  /** How the configuration calls what a cut changes. */
  default ConfigKeys configKeys() {
    return ConfigKeys.USUAL;
  }

  /** Changes what else a cut has changed in a configuration. */
  default void adapt(Map<String, Object> json, Model model) {}

  /**
   * A whole configuration, for a model whose source had none.
   *
   * @throws IllegalArgumentException if this family's models always come with one
   */
  default Map<String, Object> describe(Model model) {
    throw new IllegalArgumentException(
        model.lineage().name()
            + " came without a config.json, and Kerf makes none for "
            + family().modelType()
            + "; load it from a Hugging Face folder");
  }

  /**
   * The tensors as today's files hold them: the inverse of {@link #spelling}.
   *
   * @param weights by the layers' names, with ".weight" or ".bias", as the forward pass takes them
   */
  default Map<String, Tensor> stored(Model model, Map<String, Tensor> weights) {
    return weights;
  }

  /** Whether transformers holds the blocks' matrices (in, out), in its Conv1D. */
  default boolean storesInputsFirst() {
    return false;
  }

  /** The blueprint as a file's tensors settle what its configuration leaves open. */
  default Blueprint settled(Blueprint blueprint, WeightFile file) {
    return blueprint;
  }

  /** The name of a layer outside the blocks, without ".weight". */
  default String layerName(Role role) {
    return named(modules(), role);
  }

  /** The name of a layer of a block, by its index in its stack. */
  default String layerName(Config config, Role role, Stack stack, int block) {
    return named(modules(config, stack), role).replace("{}", String.valueOf(block));
  }

  private String named(Map<Role, String> modules, Role role) {
    String module = modules.get(role);
    if (module == null) {
      throw new IllegalArgumentException("a " + family().modelType() + " has no " + role);
    }
    return module;
  }

  /** A family's architecture. */
  static Architecture of(Family family) {
    return ALL.stream().filter(each -> each.family() == family).findFirst().orElseThrow();
  }

  /**
   * The architecture of a {@code model_type}.
   *
   * @throws FormatException if we have none, naming those we have
   */
  static Architecture of(HuggingFaceConfig config) {
    String modelType = config.modelType();
    return ALL.stream()
        .filter(each -> each.family().modelType().equals(modelType))
        .findFirst()
        .orElseThrow(
            () ->
                new FormatException(
                    config.where()
                        + ": model_type '"
                        + modelType
                        + "' is not an architecture we have; we have: "
                        + ALL.stream()
                            .map(each -> each.family().modelType())
                            .collect(Collectors.joining(", "))));
  }
}
