package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.format.FormatException;
import io.kerf.format.WeightFile;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import io.kerf.tensor.TransposedMatrix;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeightReaderTest {
  /** Weights that lie in memory. */
  private record InMemory(Map<String, Tensor> tensors) implements WeightFile {
    @Override
    public String name() {
      return "weights";
    }

    @Override
    public Set<String> tensorNames() {
      return tensors.keySet();
    }

    @Override
    public Tensor tensor(String name) {
      return tensors.get(name);
    }

    @Override
    public List<Path> files() {
      return List.of();
    }
  }

  private final InMemory file = new InMemory(new LinkedHashMap<>());

  private static Config config(Family family, boolean tied) {
    return new Config(
        family,
        4,
        6,
        5,
        8,
        1e-5,
        "gelu",
        Config.Embeddings.of(4).withSegments(2),
        Config.Attention.of(2, 2, 2),
        null,
        Config.Head.of(tied),
        Config.SpecialIds.NONE);
  }

  private static Blueprint llama(boolean tied) {
    return LlamaArchitecture.blueprint(config(Family.LLAMA, tied), 2, false, false);
  }

  /** Fills the file with what a blueprint promises; every tensor begins with another number. */
  private void fill(Blueprint blueprint) {
    Family family = blueprint.config().family();
    blueprint.shared().forEach(layer -> put(family, layer, 0));
    for (int i = 0; i < blueprint.blocks(); i++) {
      for (Layer layer : blueprint.parts().get(0).perBlock()) {
        put(family, layer, i);
      }
    }
  }

  private void put(Family family, Layer layer, int block) {
    String name = family.layerName(layer.role(), block);
    if (layer.weight() != null) {
      file.tensors.put(name + ".weight", counting(layer.weight()));
    }
    if (layer.bias() != null) {
      file.tensors.put(name + ".bias", counting(layer.bias()));
    }
  }

  private Tensor counting(Shape shape) {
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = file.tensors.size() + i / 1000f;
    }
    return FloatTensor.of(values, shape.sizes());
  }

  private void rename(String from, String to) {
    file.tensors.put(to, file.tensors.remove(from));
  }

  private WeightReader read(Blueprint blueprint) {
    Family family = blueprint.config().family();
    return new WeightReader(file, blueprint, Architecture.of(family).spelling(blueprint.config()));
  }

  private String refused(Blueprint blueprint) {
    return assertThrows(FormatException.class, () -> read(blueprint)).getMessage();
  }

  @Test
  void sharesTheFilesTensors() {
    fill(llama(false));
    WeightReader reader = read(llama(false));
    assertSame(
        file.tensor("model.layers.1.mlp.up_proj.weight"),
        reader.blocks().get(1).parameter(Role.UP).weight());
    assertSame(file.tensor("lm_head.weight"), reader.shared().get(Role.HEAD).weight());
    assertNull(reader.blocks().get(1).parameter(Role.UP).bias());
  }

  @Test
  void readsNamesWithoutPrefixAndSkipsBuffers() {
    fill(llama(true));
    for (String name : List.copyOf(file.tensorNames())) {
      rename(name, name.replaceFirst("^model\\.", ""));
    }
    file.tensors.put("layers.0.self_attn.rotary_emb.inv_freq", FloatTensor.of(new float[1], 1));
    assertSame(
        file.tensor("layers.0.mlp.down_proj.weight"),
        read(llama(true)).blocks().get(0).parameter(Role.DOWN).weight());
  }

  @Test
  void readsBertsOldNamesAndSkipsOtherHeads() {
    Blueprint blueprint = BertArchitecture.blueprint(config(Family.BERT, true), 1);
    fill(blueprint);
    rename("bert.embeddings.LayerNorm.weight", "bert.embeddings.LayerNorm.gamma");
    rename("bert.embeddings.LayerNorm.bias", "bert.embeddings.LayerNorm.beta");
    rename("cls.predictions.decoder.bias", "cls.predictions.bias");
    for (String unused :
        List.of(
            "bert.embeddings.position_ids",
            "bert.pooler.dense.weight",
            "cls.seq_relationship.weight")) {
      file.tensors.put(unused, FloatTensor.of(new float[1], 1));
    }
    Map<Role, Parameter> shared = read(blueprint).shared();
    assertSame(
        file.tensor("bert.embeddings.LayerNorm.gamma"), shared.get(Role.EMBEDDING_NORM).weight());
    assertSame(
        file.tensor("bert.embeddings.LayerNorm.beta"), shared.get(Role.EMBEDDING_NORM).bias());
    assertSame(file.tensor("cls.predictions.bias"), shared.get(Role.HEAD).bias());
    assertNull(shared.get(Role.HEAD).weight());
  }

  @Test
  void readsGooglesNamesAndTurnsKernelsOver() {
    Blueprint blueprint = BertArchitecture.blueprint(config(Family.BERT, true), 1);
    fill(blueprint);
    for (String name : List.copyOf(file.tensorNames())) {
      Tensor tensor = file.tensors.remove(name);
      boolean kernel = tensor.shape().dimensions() == 2 && !name.contains("_embeddings");
      String google =
          "module/"
              + name.replace("cls.predictions.decoder.bias", "cls.predictions.output_bias")
                  .replace("_embeddings.weight", "_embeddings")
                  .replace("LayerNorm.weight", "LayerNorm.gamma")
                  .replace("LayerNorm.bias", "LayerNorm.beta")
                  .replace("layer.0", "layer_0")
                  .replace(".weight", ".kernel")
                  .replace('.', '/');
      file.tensors.put(google, kernel ? TransposedMatrix.of(tensor) : tensor);
    }
    file.tensors.put("module/bert/pooler/dense/kernel", FloatTensor.of(new float[4], 2, 2));
    file.tensors.put("module/cls/seq_relationship/output_bias", FloatTensor.of(new float[2], 2));
    WeightReader reader =
        new WeightReader(file, blueprint, GoogleBert.spelling(blueprint.config()));
    Tensor stored = file.tensor("module/bert/encoder/layer_0/intermediate/dense/kernel");
    assertEquals(Shape.of(4, 6), stored.shape());
    Tensor up = reader.blocks().get(0).parameter(Role.UP).weight();
    assertEquals(Shape.of(6, 4), up.shape());
    assertEquals(stored.toFloats()[1], up.toFloats()[4]);
    assertSame(
        file.tensor("module/cls/predictions/output_bias"), reader.shared().get(Role.HEAD).bias());
  }

  @Test
  void acceptsATiedHeadThatIsWrittenOut() {
    fill(llama(true));
    Tensor embedding = file.tensor("model.embed_tokens.weight");
    file.tensors.put("lm_head.weight", FloatTensor.of(embedding.toFloats(), 5, 4));
    assertNull(read(llama(true)).shared().get(Role.HEAD));
  }

  @Test
  void rejectsATiedHeadThatDiffers() {
    fill(llama(true));
    file.tensors.put("lm_head.weight", counting(Shape.of(5, 4)));
    assertEquals(
        "weights: lm_head.weight differs from the token embedding that the configuration ties it"
            + " to; set tie_word_embeddings to false if it is a head of its own",
        refused(llama(true)));
  }

  @Test
  void rejectsAWeightThatStandsTwiceWithDifferentValues() {
    fill(llama(true));
    file.tensors.put("norm.weight", counting(Shape.of(4)));
    assertEquals(
        "weights holds model.norm.weight twice, with different values", refused(llama(true)));
  }

  @Test
  void namesMissingWeights() {
    fill(llama(false));
    file.tensors.remove("model.layers.1.mlp.up_proj.weight");
    file.tensors.remove("lm_head.weight");
    assertEquals(
        "weights lacks weights of its configuration (llama, blocks: 2): lm_head.weight,"
            + " model.layers.1.mlp.up_proj.weight",
        refused(llama(false)));
  }

  @Test
  void namesAtMostTenTensors() {
    String message = refused(llama(true));
    assertEquals(10, message.split("weight,|weight and").length - 1, message);
    assertEquals("10 more", message.substring(message.length() - 7));
  }

  @Test
  void namesTensorsThatNobodyKnows() {
    fill(llama(true));
    file.tensors.put("model.layers.0.self_attn.q_proj.bias", counting(Shape.of(4)));
    assertEquals(
        "weights holds tensors that have no place in its configuration (llama, blocks: 2):"
            + " model.layers.0.self_attn.q_proj.bias",
        refused(llama(true)));
  }

  @Test
  void namesAWrongShape() {
    fill(llama(true));
    file.tensors.put("model.layers.0.mlp.down_proj.weight", counting(Shape.of(6, 4)));
    assertEquals(
        "weights: model.layers.0.mlp.down_proj.weight must be 4 x 6 by its configuration,"
            + " was 6 x 4",
        refused(llama(true)));
  }
}
