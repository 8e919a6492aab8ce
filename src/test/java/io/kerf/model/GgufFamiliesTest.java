package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.format.FormatException;
import io.kerf.json.Json;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Qwen and GPT-2 written as llama.cpp's converter writes them, and read back. */
class GgufFamiliesTest {
  private static final Set<Family> FAMILIES = Set.of(Family.QWEN2, Family.QWEN3, Family.GPT2);

  private static final Map<Role, String> SHARED =
      Map.of(
          Role.TOKEN_EMBEDDING, "token_embd",
          Role.POSITION_EMBEDDING, "position_embd",
          Role.FINAL_NORM, "output_norm",
          Role.HEAD, "output");

  private static final Map<Role, String> IN_BLOCK =
      Map.ofEntries(
          Map.entry(Role.ATTENTION_NORM, "attn_norm"),
          Map.entry(Role.QUERY, "attn_q"),
          Map.entry(Role.KEY, "attn_k"),
          Map.entry(Role.VALUE, "attn_v"),
          Map.entry(Role.QUERY_NORM, "attn_q_norm"),
          Map.entry(Role.KEY_NORM, "attn_k_norm"),
          Map.entry(Role.OUTPUT, "attn_output"),
          Map.entry(Role.FFN_NORM, "ffn_norm"),
          Map.entry(Role.GATE, "ffn_gate"),
          Map.entry(Role.UP, "ffn_up"),
          Map.entry(Role.DOWN, "ffn_down"));

  @TempDir Path folder;

  private static Stream<Path> models() {
    List<Path> found =
        ModelGoldenTest.models().stream()
            .filter(model -> FAMILIES.contains(ModelReader.read(model).config().family()))
            .filter(model -> plain(ModelReader.read(model).config()))
            .toList();
    assertFalse(found.isEmpty(), "no Qwen or GPT-2 in " + Fixtures.root());
    return found.stream();
  }

  /** What llama.cpp's files cannot say is not written to one. */
  private static boolean plain(Config c) {
    return c.attention().window().equals(Config.Window.NONE)
        && c.attention().scale() == 1 / Math.sqrt(c.attention().headWidth())
        && !c.attention().scaledByBlock()
        && List.of("gelu_new", "silu").contains(c.activation());
  }

  @TestFactory
  Stream<DynamicTest> readsTheModelsOfTheFixtures() {
    return models().map(m -> dynamicTest(m.getFileName().toString(), () -> roundTrip(m)));
  }

  private void roundTrip(Path path) throws IOException {
    Model expected = ModelReader.read(path);
    GgufBytes file = file(path, expected);
    Model seen = ModelReader.read(file.write(folder.resolve(path.getFileName() + ".gguf")));
    ModelGoldenTest.assertSameWeights(expected, seen);
    assertEquals(expected.config(), seen.config());
  }

  private static GgufBytes file(Path path, Model model) {
    GgufBytes file = new GgufBytes();
    Config c = model.config();
    String name = c.family().modelType();
    Map<String, Object> metadata = file.metadata;
    metadata.put("general.architecture", name);
    metadata.put(name + ".block_count", model.blocks().size());
    metadata.put(name + ".context_length", c.maxPositions());
    metadata.put(name + ".embedding_length", c.width());
    metadata.put(name + ".feed_forward_length", c.feedForward());
    metadata.put(name + ".vocab_size", c.vocabulary());
    metadata.put(name + ".attention.head_count", c.attention().heads());
    metadata.put(name + ".attention.head_count_kv", c.attention().keyValueHeads());
    metadata.put(name + ".attention.key_length", c.attention().headWidth());
    metadata.put(name + ".attention.value_length", c.attention().headWidth());
    String epsilon = c.norms().centred() ? "layer_norm_epsilon" : "layer_norm_rms_epsilon";
    metadata.put(name + ".attention." + epsilon, (float) c.normEpsilon());
    if (c.rotary() != null) {
      metadata.put(name + ".rope.freq_base", (float) c.rotary().base());
    }
    special(metadata, "bos", c.special().bos());
    special(metadata, "eos", c.special().eos());
    special(metadata, "padding", c.special().pad());
    vocabulary(metadata, path, model);
    model.shared().forEach((role, layer) -> put(file, SHARED.get(role), layer));
    for (int i = 0; i < model.blocks().size(); i++) {
      Block block = model.blocks().get(i);
      String prefix = "blk." + i + ".";
      if (c.family() == Family.GPT2) {
        put(file, prefix + "attn_qkv", fused(block));
      }
      block
          .parameters()
          .forEach(
              (role, layer) -> {
                boolean inFused = Set.of(Role.QUERY, Role.KEY, Role.VALUE).contains(role);
                if (c.family() != Family.GPT2 || !inFused) {
                  put(file, prefix + IN_BLOCK.get(role), layer);
                }
              });
    }
    return file;
  }

  private static void special(Map<String, Object> metadata, String name, int id) {
    if (id >= 0) {
      metadata.put("tokenizer.ggml." + name + "_token_id", id);
    }
  }

  private static void vocabulary(Map<String, Object> metadata, Path path, Model model) {
    List<String> tokens = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    for (int id = 0; id < model.tokenizer().vocabularySize(); id++) {
      tokens.add(model.tokenizer().token(id));
      types.add(1);
    }
    List<String> merges = new ArrayList<>();
    for (Json merge : Json.read(path.resolve("tokenizer.json")).at("model").at("merges").items()) {
      merges.add(merge.isText() ? merge.text() : String.join(" ", merge.texts()));
    }
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", "gpt-2");
    metadata.put("tokenizer.ggml.tokens", tokens);
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.merges", merges);
  }

  private static Parameter fused(Block block) {
    List<Parameter> parts =
        Stream.of(Role.QUERY, Role.KEY, Role.VALUE).map(block::parameter).toList();
    return new Parameter(
        below(parts.stream().map(Parameter::weight).toList()),
        below(parts.stream().map(Parameter::bias).toList()));
  }

  private static Tensor below(List<Tensor> parts) {
    int part = (int) parts.get(0).shape().elements();
    float[] values = new float[parts.size() * part];
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).read(0, values, i * part, part);
    }
    int[] sizes = parts.get(0).shape().sizes();
    sizes[0] *= parts.size();
    return FloatTensor.of(values, sizes);
  }

  private static void put(GgufBytes file, String name, Parameter layer) {
    if (layer.weight() != null) {
      file.tensors.put(name + ".weight", layer.weight());
    }
    layer.optionalBias().ifPresent(bias -> file.tensors.put(name + ".bias", bias));
  }

  @Test
  void aHeadThatIsTheTokenEmbeddingWrittenTwiceIsTied() throws IOException {
    Path path =
        models().filter(m -> ModelReader.read(m).config().head().tied()).findFirst().orElseThrow();
    Model model = ModelReader.read(path);
    GgufBytes file = file(path, model);
    Tensor embedding = model.shared().get(Role.TOKEN_EMBEDDING).weight();
    file.tensors.put("output.weight", embedding);
    Model seen = ModelReader.read(file.write(folder.resolve("tied.gguf")));
    Parameter head = seen.shared().get(Role.HEAD);
    assertArrayEquals(
        embedding.toFloats(),
        (head == null ? seen.shared().get(Role.TOKEN_EMBEDDING) : head).weight().toFloats());
    assertEquals(
        model.config().family() == Family.GPT2, seen.config().head().tied(), "tied as GPT-2 is");
  }

  @Test
  void refusesATensorThatTheFamilyHasNot() throws IOException {
    Path path = models().findFirst().orElseThrow();
    GgufBytes file = file(path, ModelReader.read(path));
    file.tensors.put("blk.0.attn_sinks.weight", FloatTensor.of(new float[] {1}, 1));
    Path written = file.write(folder.resolve("odd.gguf"));
    assertEquals(
        "odd.gguf holds tensors that have no place in its configuration ("
            + ModelReader.read(path).config().family().modelType()
            + ", blocks: "
            + ModelReader.read(path).blocks().size()
            + "): blk.0.attn_sinks.weight",
        assertThrows(FormatException.class, () -> ModelReader.read(written)).getMessage());
  }
}
