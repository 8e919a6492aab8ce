package io.kerf.model;

import java.util.Map;

/** Qwen3 (arXiv 2505.09388). */
final class Qwen3Architecture implements Architecture {
  @Override
  public Family family() {
    return Family.QWEN3;
  }

  @Override
  public Map<Role, String> modules() {
    return LlamaLayers.MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    int headWidth = json.integer("head_dim", 128);
    int blocks = json.integer("num_hidden_layers");
    Config config =
        new Config(
            Family.QWEN3,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 32_768),
            json.number("rms_norm_eps", 1e-6),
            json.text("hidden_act", "silu"),
            Config.Embeddings.of(width),
            Config.Attention.of(heads, json.keyValueHeads(heads, 32), headWidth)
                .withWindow(Qwen2Architecture.window(json, blocks)),
            json.rotary(headWidth),
            Config.Head.of(json.bool("tie_word_embeddings", false)),
            json.specialIds());
    return LlamaLayers.PLAIN
        .withAttentionBias(json.bool("attention_bias", false))
        .withHeadNorms()
        .blueprint(config, blocks);
  }

  @Override
  public Spelling spelling(Config config) {
    return LlamaLayers.spelling();
  }

  @Override
  public String transformersClass() {
    return "Qwen3ForCausalLM";
  }
}
