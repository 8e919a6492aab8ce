package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** LLaMA models written as llama.cpp's converter writes them, and read back. */
class LlamaGgufTest {
  private static final Map<Role, String> NAMES =
      Map.of(
          Role.ATTENTION_NORM, "attn_norm",
          Role.QUERY, "attn_q",
          Role.KEY, "attn_k",
          Role.VALUE, "attn_v",
          Role.OUTPUT, "attn_output",
          Role.FFN_NORM, "ffn_norm",
          Role.GATE, "ffn_gate",
          Role.UP, "ffn_up",
          Role.DOWN, "ffn_down");

  @TempDir Path folder;
  private GgufBytes file;

  @BeforeEach
  void writeATinyModel() {
    file = new GgufBytes();
    metadata(file, 4, 2, 2, 1, 6, 1, 32, 1e-5f, 100f);
    vocabulary(file, List.of("a", "b", "ab"), List.of("a b"));
    tensor("token_embd.weight", 3, 4);
    tensor("output_norm.weight", 4);
    NAMES.forEach(
        (role, name) -> {
          switch (role) {
            case ATTENTION_NORM, FFN_NORM -> tensor("blk.0." + name + ".weight", 4);
            case QUERY, OUTPUT -> tensor("blk.0." + name + ".weight", 4, 4);
            case KEY, VALUE -> tensor("blk.0." + name + ".weight", 2, 4);
            case DOWN -> tensor("blk.0." + name + ".weight", 4, 6);
            default -> tensor("blk.0." + name + ".weight", 6, 4);
          }
        });
  }

  private void tensor(String name, int... sizes) {
    int elements = 1;
    for (int size : sizes) {
      elements *= size;
    }
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = i;
    }
    file.tensors.put(name, FloatTensor.of(values, sizes));
  }

  private static void metadata(
      GgufBytes file,
      int width,
      int heads,
      int headWidth,
      int keyValueHeads,
      int feedForward,
      int blocks,
      int positions,
      float epsilon,
      float base) {
    file.metadata.put("general.architecture", "llama");
    file.metadata.put("llama.block_count", blocks);
    file.metadata.put("llama.context_length", positions);
    file.metadata.put("llama.embedding_length", width);
    file.metadata.put("llama.feed_forward_length", feedForward);
    file.metadata.put("llama.attention.head_count", heads);
    file.metadata.put("llama.attention.head_count_kv", keyValueHeads);
    file.metadata.put("llama.attention.key_length", headWidth);
    file.metadata.put("llama.attention.value_length", headWidth);
    file.metadata.put("llama.attention.layer_norm_rms_epsilon", epsilon);
    file.metadata.put("llama.rope.freq_base", base);
    file.metadata.put("llama.rope.dimension_count", headWidth);
  }

  private static void vocabulary(GgufBytes file, List<String> tokens, List<String> merges) {
    List<Integer> types = new ArrayList<>();
    tokens.forEach(token -> types.add(1));
    file.metadata.put("tokenizer.ggml.model", "gpt2");
    file.metadata.put("tokenizer.ggml.pre", "gpt-2");
    file.metadata.put("tokenizer.ggml.tokens", tokens);
    file.metadata.put("tokenizer.ggml.token_type", types);
    file.metadata.put("tokenizer.ggml.merges", merges);
  }

  private Model read() throws IOException {
    return ModelReader.read(file.write(folder.resolve("tiny.gguf")));
  }

  private String refused() {
    return assertThrows(FormatException.class, this::read).getMessage();
  }

  @Test
  void putsTheRowsOfQueriesAndKeysBackInHalves() throws IOException {
    file.metadata.put("llama.attention.head_count", 1);
    file.metadata.put("llama.attention.head_count_kv", 1);
    for (String length : List.of("attention.key_length", "attention.value_length")) {
      file.metadata.put("llama." + length, 4);
    }
    file.metadata.put("llama.rope.dimension_count", 4);
    tensor("blk.0.attn_k.weight", 4, 4);
    tensor("blk.0.attn_v.weight", 4, 4);
    Block block = read().blocks().get(0);
    float[] halves = {0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15};
    assertArrayEquals(halves, block.parameter(Role.QUERY).weight().toFloats());
    assertArrayEquals(halves, block.parameter(Role.KEY).weight().toFloats());
    assertEquals(4, block.parameter(Role.VALUE).weight().toFloats()[4]);
  }

  @Test
  void readsSizesAsDecimalsWereMeant() throws IOException {
    Model model = read();
    assertEquals(1e-5, model.config().normEpsilon());
    assertEquals(
        new Config.Rotary(100, Config.Scaling.NONE, model.config().attention().headWidth()),
        model.config().rotary());
    assertTrue(model.config().head().tied());
    assertArrayEquals(new int[] {2, 0}, model.tokenizer().encode("aba", true));
  }

  @Test
  void readsLlama3ScalingFromItsFactors() throws IOException {
    file.metadata.put("llama.rope.freq_base", 1e8f);
    file.metadata.put("llama.attention.head_count", 1);
    file.metadata.put("llama.attention.head_count_kv", 1);
    file.metadata.put("llama.attention.key_length", 4);
    file.metadata.put("llama.attention.value_length", 4);
    file.metadata.put("llama.rope.dimension_count", 4);
    tensor("blk.0.attn_k.weight", 4, 4);
    tensor("blk.0.attn_v.weight", 4, 4);
    file.tensors.put("rope_freqs.weight", FloatTensor.of(new float[] {1, 32}, 2));
    assertEquals(new Config.Scaling("llama3", 32, 1, 4, 8192), read().config().rotary().scaling());
    file.tensors.put("rope_freqs.weight", FloatTensor.of(new float[] {2, 32}, 2));
    assertEquals(
        "tiny.gguf: rope_freqs.weight[0] must be 1.0 as LLaMA 3 scales its frequencies, the only"
            + " way supported; was 2.0",
        refused());
  }

  @Test
  void readsLinearScaling() throws IOException {
    file.metadata.put("llama.rope.scaling.type", "linear");
    file.metadata.put("llama.rope.scaling.factor", 4f);
    assertEquals(new Config.Scaling("linear", 4, 1, 1, 1), read().config().rotary().scaling());
  }

  @Test
  void rejectsScalingThatTheEngineLacks() {
    file.metadata.put("llama.rope.scaling.type", "yarn");
    assertEquals(
        "tiny.gguf: llama.rope.scaling.type 'yarn' is not supported; supported: none, linear",
        refused());
  }

  @Test
  void rejectsExperts() {
    file.metadata.put("llama.expert_count", 8);
    assertEquals(
        "tiny.gguf: llama.expert_count must be 0, the only one supported; was 8", refused());
  }

  @Test
  void rejectsAnUnknownArchitecture() {
    file.metadata.put("general.architecture", "mamba");
    assertEquals(
        "tiny.gguf: general.architecture 'mamba' is not an architecture we have; in GGUF files we"
            + " have: llama, qwen2, qwen3, gpt2",
        refused());
  }

  @Test
  void rejectsAnUnknownTensor() {
    tensor("blk.0.attn_sink.weight", 4);
    assertEquals(
        "tiny.gguf holds tensors that have no place in its configuration (llama, blocks: 1):"
            + " blk.0.attn_sink.weight",
        refused());
  }

  @Test
  void namesAMissingKey() {
    file.metadata.remove("llama.block_count");
    assertEquals("tiny.gguf: llama.block_count must be a whole number, was absent", refused());
  }

  @TestFactory
  Stream<DynamicTest> readsTheModelsOfTheFixtures() {
    List<Path> llamas =
        ModelGoldenTest.models().stream()
            .filter(model -> ModelReader.read(model).config().family() == Family.LLAMA)
            .filter(
                model ->
                    ModelReader.read(model).config().rotary().scaling().equals(Config.Scaling.NONE))
            .toList();
    assertFalse(llamas.isEmpty(), "no LLaMA in " + Fixtures.root());
    return llamas.stream()
        .map(model -> dynamicTest(model.getFileName().toString(), () -> roundTrip(model)));
  }

  private void roundTrip(Path model) throws IOException {
    Model expected = ModelReader.read(model);
    Config c = expected.config();
    file = new GgufBytes();
    metadata(
        file,
        c.width(),
        c.attention().heads(),
        c.attention().headWidth(),
        c.attention().keyValueHeads(),
        c.feedForward(),
        expected.blocks().size(),
        c.maxPositions(),
        (float) c.normEpsilon(),
        (float) c.rotary().base());
    file.metadata.put("llama.vocab_size", c.vocabulary());
    file.metadata.put("tokenizer.ggml.bos_token_id", c.special().bos());
    file.metadata.put("tokenizer.ggml.eos_token_id", c.special().eos());
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < expected.tokenizer().vocabularySize(); id++) {
      tokens.add(expected.tokenizer().token(id));
    }
    List<String> merges = new ArrayList<>();
    for (Json merge : Json.read(model.resolve("tokenizer.json")).at("model").at("merges").items()) {
      merges.add(merge.isText() ? merge.text() : String.join(" ", merge.texts()));
    }
    vocabulary(file, tokens, merges);
    file.tensors.put("token_embd.weight", expected.shared().get(Role.TOKEN_EMBEDDING).weight());
    file.tensors.put("output_norm.weight", expected.shared().get(Role.FINAL_NORM).weight());
    if (!c.head().tied()) {
      file.tensors.put("output.weight", expected.shared().get(Role.HEAD).weight());
    }
    for (Block block : expected.blocks()) {
      NAMES.forEach(
          (role, name) ->
              file.tensors.put(
                  "blk." + block.origin() + "." + name + ".weight",
                  stored(role, block.parameter(role).weight(), c)));
    }
    Model seen = read();
    ModelGoldenTest.assertSameWeights(expected, seen);
    assertEquals(c, seen.config());
  }

  /** Row 2i of a head is row i of its first half, row 2i + 1 of its second. */
  private static Tensor stored(Role role, Tensor weight, Config c) {
    if (role != Role.QUERY && role != Role.KEY) {
      return weight;
    }
    int columns = weight.shape().columns();
    float[] values = weight.toFloats();
    float[] moved = new float[values.length];
    int half = c.attention().headWidth() / 2;
    for (int row = 0; row < weight.shape().rows(); row++) {
      int head = row / c.attention().headWidth() * c.attention().headWidth();
      int inHead = row % c.attention().headWidth();
      int target = head + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
      System.arraycopy(values, row * columns, moved, target * columns, columns);
    }
    return FloatTensor.of(moved, weight.shape().sizes());
  }
}
