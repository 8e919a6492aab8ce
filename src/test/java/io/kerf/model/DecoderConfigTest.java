package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each family's configuration says, and what it leaves to transformers' defaults. */
class DecoderConfigTest {
  private static final String SIZES =
      "\"hidden_size\": 8, \"num_attention_heads\": 2, \"num_hidden_layers\": 3,"
          + " \"intermediate_size\": 12, \"vocab_size\": 5, \"max_position_embeddings\": 16";

  private static final String GPT2 =
      "\"model_type\": \"gpt2\", \"n_embd\": 8, \"n_head\": 2, \"n_layer\": 3, \"vocab_size\": 5";

  private static final String OPT =
      "\"model_type\": \"opt\", \"hidden_size\": 8, \"num_attention_heads\": 2,"
          + " \"num_hidden_layers\": 1, \"ffn_dim\": 12, \"vocab_size\": 5";

  private static String of(String modelType) {
    return "\"model_type\": \"" + modelType + "\", " + SIZES;
  }

  private static Blueprint read(String fields) {
    HuggingFaceConfig config = new HuggingFaceConfig(Json.parse("{" + fields + "}", "config.json"));
    return Architecture.of(config).blueprint(config);
  }

  private static String refused(String fields) {
    return assertThrows(IllegalArgumentException.class, () -> read(fields)).getMessage();
  }

  private static List<Role> roles(List<Layer> layers) {
    return layers.stream().map(Layer::role).toList();
  }

  @Test
  void gpt2DividesByTheRootOfTheHeadAndByTheBlock() {
    Config plain = read(GPT2).config();
    assertEquals(32, plain.feedForward());
    assertEquals(1024, plain.maxPositions());
    assertEquals("gelu_new", plain.activation());
    assertEquals(0.5, plain.attention().scale(2));
    assertTrue(plain.head().tied());
    assertTrue(plain.learnsPositions());
    Config other =
        read(GPT2 + ", \"scale_attn_weights\": false, \"scale_attn_by_inverse_layer_idx\": true")
            .config();
    assertEquals(1.0 / 3, other.attention().scale(2));
    assertEquals(
        "config.json: add_cross_attention must be false, the only one supported; was true",
        refused(GPT2 + ", \"add_cross_attention\": true"));
    assertEquals(
        "config.json: n_head must divide n_embd 8, was 3",
        refused(GPT2.replace("\"n_head\": 2", "\"n_head\": 3")));
  }

  @Test
  void optKeepsTwoRowsBeforeItsPositionsAndProjectsNarrowEmbeddings() {
    Blueprint wide = read(OPT);
    assertEquals(2, wide.config().embeddings().positionOffset());
    assertFalse(roles(wide.shared()).contains(Role.PROJECT_IN));
    Blueprint narrow = read(OPT + ", \"word_embed_proj_dim\": 4, \"do_layer_norm_before\": false");
    assertEquals(4, narrow.config().embeddings().width());
    assertEquals(Config.Norms.Order.AFTER, narrow.config().norms().order());
    assertTrue(roles(narrow.shared()).containsAll(List.of(Role.PROJECT_IN, Role.PROJECT_OUT)));
    assertFalse(roles(narrow.shared()).contains(Role.FINAL_NORM));
  }

  @Test
  void optMayLackBiasesAndNormsMayHoldNothing() {
    Blueprint bare =
        read(OPT + ", \"enable_bias\": false, \"layer_norm_elementwise_affine\": false");
    assertTrue(bare.parts().get(0).perBlock().stream().allMatch(layer -> layer.bias() == null));
    assertFalse(roles(bare.parts().get(0).perBlock()).contains(Role.FFN_NORM));
    assertTrue(bare.config().norms().last());
  }

  @Test
  void gptNeoxTurnsAPartOfItsHeadsInEitherSpelling() {
    String neox = of("gpt_neox").replace("\"hidden_size\": 8", "\"hidden_size\": 16");
    Config.Rotary expected = new Config.Rotary(500, Config.Scaling.NONE, 4);
    assertEquals(
        expected, read(neox + ", \"rotary_pct\": 0.5, \"rotary_emb_base\": 500").config().rotary());
    assertEquals(
        expected,
        read(neox
                + ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 500,"
                + " \"partial_rotary_factor\": 0.5}")
            .config()
            .rotary());
    assertEquals(2, read(neox).config().rotary().width());
    assertEquals(Config.Norms.PARALLEL_LAYER_NORM, read(neox).config().norms());
    assertEquals(
        Config.Norms.PRE_LAYER_NORM,
        read(neox + ", \"use_parallel_residual\": false").config().norms());
    assertEquals(
        "config.json: rotary_pct must leave an even number of a head's 8 elements to be turned,"
            + " was 0.4",
        refused(neox + ", \"rotary_pct\": 0.4"));
  }

  @Test
  void mistralsWindowIsInEveryBlockAndNullIsNone() {
    String few = of("mistral") + ", \"num_key_value_heads\": null";
    Config.Window window = read(few + ", \"sliding_window\": 6").config().attention().window();
    assertEquals(new Config.Window(6, List.of(true, true, true)), window);
    assertEquals(
        Config.Window.NONE, read(few + ", \"sliding_window\": null").config().attention().window());
    assertEquals(4096, read(few).config().attention().window().tokens());
    assertEquals(
        "config.json: sliding_window must be positive or null, was -1",
        refused(few + ", \"sliding_window\": -1"));
  }

  @Test
  void qwensWindowBeginsAtABlockAndOnlyIfAskedFor() {
    String qwen = of("qwen2") + ", \"num_key_value_heads\": 2, \"sliding_window\": 7";
    assertEquals(Config.Window.NONE, read(qwen).config().attention().window());
    assertEquals(
        new Config.Window(7, List.of(false, true, true)),
        read(qwen + ", \"use_sliding_window\": true, \"max_window_layers\": 1")
            .config()
            .attention()
            .window());
    assertEquals(
        new Config.Window(7, List.of(true, false, false)),
        read(qwen
                + ", \"use_sliding_window\": true, \"layer_types\":"
                + " [\"sliding_attention\", \"full_attention\", \"full_attention\"]")
            .config()
            .attention()
            .window());
    for (Layer layer : read(qwen).parts().get(0).perBlock()) {
      boolean biased = List.of(Role.QUERY, Role.KEY, Role.VALUE).contains(layer.role());
      assertEquals(biased, layer.bias() != null, layer.role().name());
    }
  }

  @Test
  void rejectsTypesOfLayersThatWeDoNotCompute() {
    String qwen = of("qwen2") + ", \"num_key_value_heads\": 2, \"layer_types\": ";
    assertEquals(
        "config.json: layer_types[1] 'linear_attention' is not supported; supported:"
            + " full_attention, sliding_attention",
        refused(qwen + "[\"full_attention\", \"linear_attention\", \"full_attention\"]"));
    assertEquals(
        "config.json: layer_types must name the type of each of 3 layers, names 1",
        refused(qwen + "[\"full_attention\"]"));
    assertEquals(
        "sliding_window must be positive, was 0",
        refused(qwen + "[\"sliding_attention\", \"full_attention\", \"full_attention\"]"));
  }

  @Test
  void qwen3NormsItsHeadsWhichAreWide() {
    Blueprint blueprint = read(of("qwen3") + ", \"num_key_value_heads\": 2");
    assertEquals(128, blueprint.config().attention().headWidth());
    assertTrue(
        roles(blueprint.parts().get(0).perBlock())
            .containsAll(List.of(Role.QUERY_NORM, Role.KEY_NORM)));
  }

  @Test
  void gemma2CapsScalesAndAlternates() {
    String gemma = of("gemma2") + ", \"num_key_value_heads\": 2, \"head_dim\": 4";
    Config config = read(gemma + ", \"hidden_act\": \"relu\"").config();
    assertEquals("gelu_pytorch_tanh", config.activation());
    assertEquals(50, config.attention().softCap());
    assertEquals(30, config.head().softCap());
    assertEquals(1.0 / 16, config.attention().scale());
    assertEquals(Math.sqrt(8), config.embeddings().scale());
    assertEquals(1, config.norms().gainOffset());
    assertEquals(new Config.Window(4096, List.of(true, false, true)), config.attention().window());
    Config bare =
        read(gemma + ", \"attn_logit_softcapping\": null, \"final_logit_softcapping\": null")
            .config();
    assertEquals(0, bare.attention().softCap());
    assertEquals(0, bare.head().softCap());
    assertEquals(
        "config.json: attn_logit_softcapping must be positive or null, was 0",
        refused(gemma + ", \"attn_logit_softcapping\": 0"));
    assertEquals(
        "config.json: use_bidirectional_attention must be false, the only one supported; was true",
        refused(gemma + ", \"use_bidirectional_attention\": true"));
  }

  @Test
  void gemma3TurnsBlocksWithAWindowOtherwiseInEitherSpelling() {
    String gemma =
        of("gemma3_text") + ", \"num_key_value_heads\": 2, \"head_dim\": 4, \"sliding_window\": 6";
    Config.Rotary expected =
        new Config.Rotary(
            500, new Config.Scaling("linear", 8, 1, 1, 1), 4, 20, Config.Scaling.NONE);
    Config older =
        read(gemma
                + ", \"rope_theta\": 500, \"rope_local_base_freq\": 20,"
                + " \"sliding_window_pattern\": 2,"
                + " \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 8.0}")
            .config();
    assertEquals(expected, older.rotary());
    assertEquals(new Config.Window(6, List.of(true, false, true)), older.attention().window());
    assertEquals(
        expected,
        read(gemma
                + ", \"rope_parameters\": {\"full_attention\": {\"rope_type\": \"linear\","
                + " \"factor\": 8.0, \"rope_theta\": 500}, \"sliding_attention\":"
                + " {\"rope_type\": \"default\", \"rope_theta\": 20}}")
            .config()
            .rotary());
    assertEquals(
        "config.json: attn_logit_softcapping must be null, the only value supported; was 9",
        refused(gemma + ", \"attn_logit_softcapping\": 9"));
    assertTrue(
        refused(gemma + ", \"rope_parameters\": {\"rope_theta\": 500}")
            .startsWith(
                "config.json: rope_parameters must have full_attention and sliding_attention, each"
                    + " with its own rope_theta; was {"));
  }

  @Test
  void gemma3WithPicturesIsReadForItsTexts() {
    Blueprint blueprint =
        read(
            "\"model_type\": \"gemma3\", \"vision_config\": {}, \"text_config\": {"
                + of("gemma3_text")
                + ", \"num_key_value_heads\": 2}");
    assertEquals(Family.GEMMA3, blueprint.config().family());
    assertEquals(256, blueprint.config().attention().headWidth());
    Spelling spelling = Architecture.of(Family.GEMMA3).spelling(blueprint.config());
    assertEquals(List.of(), spelling.weights("vision_tower.vision_model.post_layernorm.bias"));
    for (String prefix : List.of("language_model.model.", "model.language_model.", "model.")) {
      assertEquals(
          "model.norm.weight", spelling.weights(prefix + "norm.weight").get(0).name(), prefix);
    }
  }

  @Test
  void phiNormsHeadsIfAskedForAndHasABiasEverywhere() {
    String phi = of("phi");
    Blueprint blueprint = read(phi);
    assertTrue(
        blueprint.parts().get(0).perBlock().stream().allMatch(layer -> layer.bias() != null),
        "all biased");
    assertEquals(2, blueprint.config().rotary().width());
    assertFalse(roles(blueprint.parts().get(0).perBlock()).contains(Role.FFN_NORM));
    assertTrue(
        roles(read(phi + ", \"qk_layernorm\": true").parts().get(0).perBlock())
            .contains(Role.QUERY_NORM));
  }

  @Test
  void rejectsHeadsThatAreTurnedInPartWhereWholeOnesAre() {
    assertEquals(
        "config.json: partial_rotary_factor must be 1, the only one supported; was 0.5",
        refused(of("llama") + ", \"partial_rotary_factor\": 0.5"));
  }

  @Test
  void takesADefaultRopeTypeWhereOnlyTheBaseIsTold() {
    assertEquals(
        new Config.Rotary(7, Config.Scaling.NONE, 4),
        read(of("llama") + ", \"rope_parameters\": {\"rope_theta\": 7}").config().rotary());
  }
}
