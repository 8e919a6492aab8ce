package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.json.Json;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HuggingFaceConfigTest {
  private static final String LLAMA =
      "\"model_type\": \"llama\", \"hidden_size\": 8, \"num_attention_heads\": 2,"
          + " \"num_hidden_layers\": 3, \"intermediate_size\": 12, \"vocab_size\": 5,"
          + " \"max_position_embeddings\": 16";

  private static final String BERT =
      "\"model_type\": \"bert\", \"hidden_size\": 8, \"num_attention_heads\": 2,"
          + " \"num_hidden_layers\": 1, \"intermediate_size\": 12, \"vocab_size\": 5,"
          + " \"max_position_embeddings\": 16";

  private static Blueprint read(String fields) {
    HuggingFaceConfig config = new HuggingFaceConfig(Json.parse("{" + fields + "}", "config.json"));
    return Architecture.of(config).blueprint(config);
  }

  private static String refused(String fields) {
    return assertThrows(IllegalArgumentException.class, () -> read(fields)).getMessage();
  }

  @Test
  void takesTransformersDefaultsForWhatIsLeftOut() {
    Blueprint blueprint = read(LLAMA);
    Config config = blueprint.config();
    assertEquals(3, blueprint.blocks());
    assertEquals(2, config.attention().keyValueHeads());
    assertEquals(4, config.attention().headWidth());
    assertEquals(1e-6, config.normEpsilon());
    assertEquals("silu", config.activation());
    assertEquals(new Config.Rotary(10_000, Config.Scaling.NONE, 4), config.rotary());
    assertEquals(false, config.head().tied());
    assertEquals(-1, config.special().eos());
    assertEquals(true, read(BERT).config().head().tied());
    assertEquals(1e-12, read(BERT).config().normEpsilon());
    assertEquals(2, read(BERT).config().embeddings().segments());
  }

  @Test
  void readsRotaryScalingInBothSpellings() {
    Config.Rotary expected =
        new Config.Rotary(500_000, new Config.Scaling("llama3", 8, 1, 4, 8192), 4);
    String numbers =
        "\"factor\": 8.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
            + " \"original_max_position_embeddings\": 8192, \"rope_type\": \"llama3\"";
    assertEquals(
        expected,
        read(LLAMA + ", \"rope_parameters\": {\"rope_theta\": 500000.0, " + numbers + "}")
            .config()
            .rotary());
    assertEquals(
        expected,
        read(LLAMA + ", \"rope_theta\": 500000.0, \"rope_scaling\": {" + numbers + "}")
            .config()
            .rotary());
    assertEquals(
        new Config.Scaling("linear", 2, 1, 1, 1),
        read(LLAMA + ", \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2.0}")
            .config()
            .rotary()
            .scaling());
  }

  @Test
  void takesTheFirstOfSeveralEndTokens() {
    assertEquals(4, read(LLAMA + ", \"eos_token_id\": [4, 3]").config().special().eos());
  }

  @Test
  void givesBiasesToTheLayersThatTheConfigurationNames() {
    Blueprint blueprint = read(LLAMA + ", \"attention_bias\": true");
    for (Layer layer : blueprint.parts().get(0).perBlock()) {
      assertEquals(layer.role().isAttention(), layer.bias() != null, layer.role().name());
    }
    blueprint = read(LLAMA + ", \"mlp_bias\": true");
    for (Layer layer : blueprint.parts().get(0).perBlock()) {
      assertEquals(layer.role().isFeedForward(), layer.bias() != null, layer.role().name());
    }
  }

  @Test
  void namesAMissingKey() {
    assertEquals(
        "config.json: hidden_size must be a whole number, was absent",
        refused("\"model_type\": \"llama\""));
    assertEquals(
        "config.json: model_type must be a string, was absent", refused("\"hidden_size\": 8"));
  }

  @Test
  void namesAKeyOfTheWrongKind() {
    assertEquals(
        "config.json: hidden_size must be a whole number, was \"8\"",
        refused(LLAMA.replace("\"hidden_size\": 8", "\"hidden_size\": \"8\"")));
  }

  @Test
  void rejectsHeadsThatDoNotDivideTheWidth() {
    assertEquals(
        "config.json: num_attention_heads must divide hidden_size 8, was 3",
        refused(LLAMA.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 3")));
  }

  @Test
  void rejectsAnUnknownArchitectureAndListsOurs() {
    assertEquals(
        "config.json: model_type 'mamba' is not an architecture we have; we have: "
            + Architecture.ALL.stream()
                .map(each -> each.family().modelType())
                .collect(Collectors.joining(", ")),
        refused("\"model_type\": \"mamba\""));
  }

  @Test
  void rejectsRotaryScalingThatTheEngineLacks() {
    assertEquals(
        "config.json: rope_scaling.type 'dynamic' is not supported;"
            + " supported: default, linear, llama3",
        refused(LLAMA + ", \"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2.0}"));
    assertEquals(
        "config.json: rope_parameters.rope_type 'yarn' is not supported;"
            + " supported: default, linear, llama3",
        refused(LLAMA + ", \"rope_parameters\": {\"rope_type\": \"yarn\"}"));
    assertEquals(
        "config.json: rope_scaling.factor must be at least 1, was 0.5",
        refused(LLAMA + ", \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 0.5}"));
  }

  @Test
  void rejectsABertThatIsComputedInAnotherWay() {
    assertEquals(
        "config.json: position_embedding_type must be absolute, the only one supported;"
            + " was relative_key",
        refused(BERT + ", \"position_embedding_type\": \"relative_key\""));
    assertEquals(
        "config.json: is_decoder must be false, the only one supported; was true",
        refused(BERT + ", \"is_decoder\": true"));
  }

  private static final String T5 =
      "\"model_type\": \"t5\", \"d_model\": 8, \"num_heads\": 2, \"d_kv\": 3, \"d_ff\": 16,"
          + " \"vocab_size\": 10, \"num_layers\": 2";

  @Test
  void readsT5sDefaultsAndScalesWhatATiedHeadReads() {
    Blueprint blueprint = read(T5 + ", \"pad_token_id\": 0");
    Config config = blueprint.config();
    assertEquals(new Config.Head(true, 0, 1 / Math.sqrt(8)), config.head());
    assertEquals(new RelativePositions(32, 128), config.attention().relative());
    assertEquals(0, config.special().decoderStart(), "the padding, where nothing else is named");
    assertEquals(4, blueprint.blocks(), "as many in the decoder as in the encoder");
    Config own = read(T5 + ", \"tie_word_embeddings\": false").config();
    assertEquals(Config.Head.of(false), own.head());
    Config newer = read(T5 + ", \"scale_decoder_outputs\": false").config();
    assertEquals(Config.Head.of(true), newer.head());
  }

  @Test
  void refusesWhatThePagesDoNotCompute() {
    assertEquals(
        "config.json: feed_forward_proj must be like 'relu' or 'gated-gelu', was 'very-gated-relu'",
        refused(T5 + ", \"feed_forward_proj\": \"very-gated-relu\""));
    assertEquals(
        "config.json: is_gated_act must be false, the only one supported; was true",
        refused(T5 + ", \"is_gated_act\": true"));
    assertEquals(
        "relative_attention_num_buckets must be at least 4, was 2",
        refused(T5 + ", \"relative_attention_num_buckets\": 2"));
    assertEquals(
        "relative_attention_max_distance must be more than half of the 32 buckets," + " was 16",
        refused(T5 + ", \"relative_attention_max_distance\": 16"));
    assertEquals(
        "config.json: num_hidden_groups must be 1, the only one supported; was 2",
        refused("\"model_type\": \"albert\", \"num_hidden_groups\": 2"));
    assertEquals(
        "config.json: pad_token_id must be in [0, 4), since positions are counted behind it; was 4",
        refused(
            "\"model_type\": \"roberta\", \"hidden_size\": 8, \"num_attention_heads\": 2,"
                + " \"max_position_embeddings\": 5, \"pad_token_id\": 4"));
    assertEquals(
        "config.json: n_heads must divide dim 8, was 3",
        refused(
            "\"model_type\": \"distilbert\", \"dim\": 8, \"n_heads\": 3, \"hidden_dim\": 4,"
                + " \"vocab_size\": 9"));
  }
}
