package io.kerf.model;

import java.util.Map;

/** Mistral (arXiv 2310.06825): every block sees no further than the window, where there is one. */
final class MistralArchitecture implements Architecture {
  @Override
  public Family family() {
    return Family.MISTRAL;
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
            Family.MISTRAL,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 131_072),
            json.number("rms_norm_eps", 1e-6),
            json.text("hidden_act", "silu"),
            Config.Embeddings.of(width),
            Config.Attention.of(heads, json.keyValueHeads(heads, 8), headWidth)
                .withWindow(Config.Window.all(json.slidingWindow(4096), blocks)),
            json.rotary(headWidth),
            Config.Head.of(json.bool("tie_word_embeddings", false)),
            json.specialIds());
    return LlamaLayers.PLAIN.blueprint(config, blocks);
  }

  @Override
  public Spelling spelling(Config config) {
    return LlamaLayers.spelling();
  }

  @Override
  public String transformersClass() {
    return "MistralForCausalLM";
  }
}
