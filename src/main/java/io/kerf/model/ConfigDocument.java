package io.kerf.model;

import io.kerf.json.Json;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The {@code config.json} of a model as it now is: its source's document, in which the fields that
 * a cut has changed are changed, so that what only others read (dropout, the ids of special tokens)
 * stays; for a source without one, all that the family's configuration says.
 *
 * <p>What is written is read again by the family's own reader and must describe this very model: a
 * model that no such document can describe is refused, never described nearly.
 */
final class ConfigDocument {
  private static final String SLIDING = "sliding_attention";
  private static final String FULL = "full_attention";

  private final Model model;
  private final Architecture architecture;
  private final Map<String, Object> json;

  private ConfigDocument(Model model) {
    this.model = model;
    this.architecture = Architecture.of(model.config().family());
    this.json =
        model.documents().config().map(Json::toMap).orElseGet(() -> architecture.describe(model));
  }

  /**
   * The document's text.
   *
   * @param type the one that all tensors are in, or the widest
   * @throws IllegalArgumentException if it cannot describe the model
   */
  static String write(Model model, FloatType type) {
    ConfigDocument document = new ConfigDocument(model);
    document.patch(type);
    document.check();
    return Json.writePretty(document.json);
  }

  private void patch(FloatType type) {
    json.put("model_type", architecture.family().modelType());
    json.put("architectures", List.of(architecture.transformersClass()));
    json.put("tie_word_embeddings", model.config().head().tied());
    // transformers 5 writes "dtype" and reads both
    json.put(json.containsKey("dtype") ? "dtype" : "torch_dtype", type.label());
    if (json.containsKey("dtype")) {
      json.remove("torch_dtype");
    }
    layers();
    Parameter up = model.blocks().get(0).parameters().get(Role.UP);
    int rows = up == null ? model.config().feedForward() : up.weight().shape().rows();
    if (rows != model.config().feedForward()) {
      json.put(architecture.configKeys().feedForward(), rows);
    }
    architecture.adapt(json, model);
  }

  /** How many there are, and what is said of each. */
  private void layers() {
    List<Block> blocks = model.blocks();
    List<String> keys = architecture.configKeys().layers();
    Object before = json.get(keys.get(0));
    Iterator<Stack> stacks = model.stacks().iterator();
    keys.forEach(key -> json.put(key, model.blocks(stacks.next()).size()));
    List<Boolean> limited = model.config().attention().window().blocks();
    if (json.get("layer_types") instanceof List<?> types) {
      List<Object> kept = new ArrayList<>();
      blocks.forEach(block -> kept.add(types.get(block.origin())));
      json.put("layer_types", kept);
    } else if (limited.contains(true) && limited.contains(false)) {
      // The older spelling has a rule by index, which no longer holds once a layer is gone.
      json.put(
          "layer_types",
          blocks.stream()
              .map(b -> model.config().attention().window().limits(b.origin()) ? SLIDING : FULL)
              .toList());
    }
    if (json.get("max_window_layers") instanceof Integer first
        && before instanceof Integer layers
        && first < layers) {
      json.put("max_window_layers", (int) blocks.stream().filter(b -> b.origin() < first).count());
    }
  }

  private void check() {
    String name = "config.json of '" + model.label() + "'";
    Blueprint said =
        architecture.blueprint(new HuggingFaceConfig(Json.parse(Json.write(json), name)));
    Config now = model.config();
    Config read = said.config();
    same("sizes", sizes(read), sizes(now));
    same("head", read.head(), now.head());
    same("norms", read.norms(), now.norms());
    same("embeddings", read.embeddings(), now.embeddings());
    same("rotary embedding", read.rotary(), now.rotary());
    int first = 0;
    for (Blueprint.Part part : said.parts()) {
      same(part.stack() + " layers", part.blocks(), model.blocks(part.stack()).size());
      for (int i = 0; i < part.blocks(); i++) {
        attention(i, read.attention(), model.blocks().get(first + i).origin());
        shapes(part.perBlock(), model.blocks().get(first + i).parameters(), first + i);
      }
      first += part.blocks();
    }
    shapes(said.shared(), model.shared(), -1);
  }

  /** What a layer sees, where that depends on which one of the model as loaded it is. */
  private void attention(int layer, Config.Attention read, int origin) {
    Config.Attention now = model.config().attention();
    same("the window of layer " + layer, window(read, layer), window(now, origin));
    same("the scale of attention in layer " + layer, read.scale(layer), now.scale(origin));
  }

  private static int window(Config.Attention attention, int block) {
    return attention.window().limits(block) ? attention.window().tokens() : 0;
  }

  private static List<Object> sizes(Config c) {
    Config.Attention a = c.attention();
    return List.of(
        c.width(),
        c.vocabulary(),
        c.maxPositions(),
        (float) c.normEpsilon(),
        c.activation(),
        a.heads(),
        a.keyValueHeads(),
        a.headWidth(),
        a.softCap(),
        String.valueOf(a.relative()));
  }

  private void same(String what, Object said, Object is) {
    if (!Objects.equals(said, is)) {
      throw refused(what + " would be read as " + said + ", but the model has " + is);
    }
  }

  private void shapes(List<Layer> layers, Map<Role, Parameter> parameters, int block) {
    parameters.forEach(
        (role, parameter) -> {
          Layer layer =
              layers.stream()
                  .filter(each -> each.role() == role)
                  .findFirst()
                  .orElseThrow(() -> refused("there is no place for " + name(role, block)));
          shape(name(role, block) + ".weight", layer.weight(), parameter.weight());
          shape(name(role, block) + ".bias", layer.bias(), parameter.bias());
        });
    for (Layer layer : layers) {
      if (!parameters.containsKey(layer.role())
          && (layer.weight() != null || layer.bias() != null)) {
        throw refused(name(layer.role(), block) + " would be expected and is not there");
      }
    }
  }

  private String name(Role role, int block) {
    return model.layerName(role, block);
  }

  private void shape(String name, Shape said, Tensor tensor) {
    Shape is = tensor == null ? null : tensor.shape();
    if (!Objects.equals(said, is)) {
      throw refused(
          name
              + " is "
              + (is == null ? "not there" : is)
              + " where every such layer has to be "
              + (said == null ? "without one" : said));
    }
  }

  private IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(
        "'"
            + model.label()
            + "' cannot be saved: no config.json of "
            + architecture.family().modelType()
            + " describes it; "
            + why);
  }
}
