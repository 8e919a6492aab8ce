package io.kerf.model;

import java.util.Map;

/** LLaMA and what is built like it: SmolLM2, TinyLlama (arXiv 2302.13971). */
final class LlamaArchitecture implements Architecture {
  @Override
  public Family family() {
    return Family.LLAMA;
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
    Config config =
        new Config(
            Family.LLAMA,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings"),
            json.number("rms_norm_eps", 1e-6),
            json.text("hidden_act", "silu"),
            Config.Embeddings.of(width),
            Config.Attention.of(heads, json.integer("num_key_value_heads", heads), headWidth),
            json.rotary(headWidth),
            Config.Head.of(json.bool("tie_word_embeddings", false)),
            json.specialIds());
    return blueprint(
        config,
        json.integer("num_hidden_layers"),
        json.bool("attention_bias", false),
        json.bool("mlp_bias", false));
  }

  /** The layers of a LLaMA of these sizes. */
  static Blueprint blueprint(Config c, int blocks, boolean attentionBias, boolean ffnBias) {
    return LlamaLayers.PLAIN
        .withAttentionBias(attentionBias)
        .withFfnBias(ffnBias)
        .blueprint(c, blocks);
  }

  @Override
  public Spelling spelling(Config config) {
    return LlamaLayers.spelling();
  }

  @Override
  public String transformersClass() {
    return "LlamaForCausalLM";
  }

  @Override
  public Map<String, Object> describe(Model model) {
    Map<Role, Parameter> block = model.blocks().get(0).parameters();
    Map<String, Object> json = LlamaLayers.describe(model);
    json.put("attention_bias", block.get(Role.QUERY).bias() != null);
    json.put("mlp_bias", block.get(Role.UP).bias() != null);
    return json;
  }
}
