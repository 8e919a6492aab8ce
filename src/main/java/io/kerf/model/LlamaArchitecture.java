package io.kerf.model;

import static io.kerf.model.Layer.embedding;
import static io.kerf.model.Layer.head;
import static io.kerf.model.Layer.linear;
import static io.kerf.model.Layer.norm;
import static java.util.Map.entry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** LLaMA and what is built like it: SmolLM2, TinyLlama (arXiv 2302.13971). */
final class LlamaArchitecture implements Architecture {
  /** Older files keep the rotary frequencies, which follow from the configuration. */
  private static final Pattern UNUSED = Pattern.compile(".*rotary_emb\\.inv_freq");

  private static final Pattern HEADLESS = Pattern.compile("(embed_tokens|layers|norm)\\..*");

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "model.embed_tokens"),
          entry(Role.FINAL_NORM, "model.norm"),
          entry(Role.ATTENTION_NORM, "model.layers.{}.input_layernorm"),
          entry(Role.QUERY, "model.layers.{}.self_attn.q_proj"),
          entry(Role.KEY, "model.layers.{}.self_attn.k_proj"),
          entry(Role.VALUE, "model.layers.{}.self_attn.v_proj"),
          entry(Role.OUTPUT, "model.layers.{}.self_attn.o_proj"),
          entry(Role.FFN_NORM, "model.layers.{}.post_attention_layernorm"),
          entry(Role.GATE, "model.layers.{}.mlp.gate_proj"),
          entry(Role.UP, "model.layers.{}.mlp.up_proj"),
          entry(Role.DOWN, "model.layers.{}.mlp.down_proj"),
          entry(Role.HEAD, "lm_head"));

  @Override
  public Family family() {
    return Family.LLAMA;
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
    int d = c.width();
    int f = c.feedForward();
    int queries = c.attention().heads() * c.attention().headWidth();
    int keys = c.attention().keyValueHeads() * c.attention().headWidth();
    return new Blueprint(
        c,
        blocks,
        List.of(
            embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), d),
            norm(Role.FINAL_NORM, d, false),
            head(c, false)),
        List.of(
            norm(Role.ATTENTION_NORM, d, false),
            linear(Role.QUERY, queries, d, attentionBias),
            linear(Role.KEY, keys, d, attentionBias),
            linear(Role.VALUE, keys, d, attentionBias),
            linear(Role.OUTPUT, d, queries, attentionBias),
            norm(Role.FFN_NORM, d, false),
            linear(Role.GATE, f, d, ffnBias),
            linear(Role.UP, f, d, ffnBias),
            linear(Role.DOWN, d, f, ffnBias)));
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Spelling spelling(Config config) {
    return stored ->
        UNUSED.matcher(stored).matches()
            ? List.of()
            : Spelling.Weight.plain(
                HEADLESS.matcher(stored).matches() ? "model." + stored : stored);
  }

  @Override
  public String transformersClass() {
    return "LlamaForCausalLM";
  }

  @Override
  public Map<String, Object> describe(Model model) {
    Config c = model.config();
    Map<Role, Parameter> block = model.blocks().get(0).parameters();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attention_bias", block.get(Role.QUERY).bias() != null);
    json.put("attention_dropout", 0.0);
    json.put("head_dim", c.attention().headWidth());
    json.put("hidden_act", c.activation());
    json.put("hidden_size", c.width());
    json.put("initializer_range", 0.02);
    json.put("intermediate_size", c.feedForward());
    json.put("max_position_embeddings", c.maxPositions());
    json.put("mlp_bias", block.get(Role.UP).bias() != null);
    json.put("num_attention_heads", c.attention().heads());
    json.put("num_key_value_heads", c.attention().keyValueHeads());
    json.put("rms_norm_eps", c.normEpsilon());
    HuggingFaceConfig.put(json, c.rotary());
    json.put("use_cache", true);
    json.put("vocab_size", c.vocabulary());
    HuggingFaceConfig.put(json, c.special());
    return json;
  }
}
