package io.kerf.model;

import java.util.HashMap;
import java.util.Map;

/**
 * Gemma 2 (arXiv 2408.00118): embeddings scaled by the root of D, norms before and after each half
 * of a block whose gains are stored as their difference from 1, soft caps, and a window in every
 * other block.
 */
final class Gemma2Architecture implements Architecture {
  static final Map<Role, String> MODULES = modules(LlamaLayers.MODULES);

  private static Map<Role, String> modules(Map<Role, String> llama) {
    Map<Role, String> modules = new HashMap<>(llama);
    modules.put(Role.POST_ATTENTION_NORM, "model.layers.{}.post_attention_layernorm");
    modules.put(Role.FFN_NORM, "model.layers.{}.pre_feedforward_layernorm");
    modules.put(Role.POST_FFN_NORM, "model.layers.{}.post_feedforward_layernorm");
    return Map.copyOf(modules);
  }

  @Override
  public Family family() {
    return Family.GEMMA2;
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int blocks = json.integer("num_hidden_layers", 26);
    int headWidth = json.integer("head_dim", 256);
    Config.Window window = json.window(json.slidingWindow(4096), blocks, block -> block % 2 == 0);
    Config config =
        config(
            Family.GEMMA2,
            json,
            attention(json, headWidth, window)
                .withSoftCap(json.softCap("attn_logit_softcapping", 50)),
            json.rotary(headWidth),
            json.integer("vocab_size", 256_000),
            json.integer("max_position_embeddings", 8192),
            json.softCap("final_logit_softcapping", 30));
    return LlamaLayers.PLAIN
        .withAttentionBias(json.bool("attention_bias", false))
        .withOuterNorms()
        .blueprint(config, blocks);
  }

  /** Gemma's attention, without a soft cap. */
  static Config.Attention attention(HuggingFaceConfig json, int headWidth, Config.Window window) {
    json.only("use_bidirectional_attention", "false");
    int heads = json.integer("num_attention_heads", 8);
    return Config.Attention.of(heads, json.integer("num_key_value_heads", 4), headWidth)
        .withScale(1 / Math.sqrt(json.number("query_pre_attn_scalar", 256)))
        .withWindow(window);
  }

  /** What Gemma 2 and 3 have in common. */
  static Config config(
      Family family,
      HuggingFaceConfig json,
      Config.Attention attention,
      Config.Rotary rotary,
      int vocabulary,
      int maxPositions,
      double softCap) {
    int width = json.integer("hidden_size", 2304);
    boolean tied = json.bool("tie_word_embeddings", true);
    return new Config(
        family,
        width,
        json.integer("intermediate_size", 9216),
        vocabulary,
        maxPositions,
        json.number("rms_norm_eps", 1e-6),
        // hidden_act, which some files have too, is not what transformers reads.
        json.text("hidden_activation", "gelu_pytorch_tanh"),
        Config.Embeddings.of(width).withScale(Math.sqrt(width)),
        attention,
        rotary,
        new Config.Head(tied, softCap, 1),
        json.specialIds(2, 1, 0),
        Config.Norms.PRE_RMS_NORM_FROM_ONE);
  }

  @Override
  public Spelling spelling(Config config) {
    return LlamaLayers.spelling();
  }

  @Override
  public String transformersClass() {
    return "Gemma2ForCausalLM";
  }
}
