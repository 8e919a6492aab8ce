package io.kerf.model;

import java.util.Map;

/** Qwen2 and Qwen2.5 (arXiv 2407.10671). */
final class Qwen2Architecture implements Architecture {
  @Override
  public Family family() {
    return Family.QWEN2;
  }

  @Override
  public Map<Role, String> modules() {
    return LlamaLayers.MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    int headWidth = json.headWidth(width, heads);
    int blocks = json.integer("num_hidden_layers");
    Config config =
        new Config(
            Family.QWEN2,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 32_768),
            json.number("rms_norm_eps", 1e-6),
            json.text("hidden_act", "silu"),
            Config.Embeddings.of(width),
            Config.Attention.of(heads, json.keyValueHeads(heads, 32), headWidth)
                .withWindow(window(json, blocks)),
            json.rotary(headWidth),
            Config.Head.of(json.bool("tie_word_embeddings", false)),
            json.specialIds());
    return LlamaLayers.PLAIN.withQueryBias(true).blueprint(config, blocks);
  }

  /** Qwen's window: off unless asked for, and then in the blocks from a certain one on. */
  static Config.Window window(HuggingFaceConfig json, int blocks) {
    int tokens = json.bool("use_sliding_window", false) ? json.slidingWindow(4096) : 0;
    int first = tokens == 0 ? blocks : json.integer("max_window_layers", 28);
    return json.window(tokens, blocks, block -> block >= first);
  }

  @Override
  public Spelling spelling(Config config) {
    return LlamaLayers.spelling();
  }

  @Override
  public String transformersClass() {
    return "Qwen2ForCausalLM";
  }

  @Override
  public Map<String, Object> describe(Model model) {
    Map<String, Object> json = LlamaLayers.describe(model);
    json.put("use_sliding_window", false);
    return json;
  }
}
