package io.kerf.model;

import static io.kerf.model.Layer.embedding;
import static io.kerf.model.Layer.head;
import static io.kerf.model.Layer.linear;
import static io.kerf.model.Layer.norm;
import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Phi-1, 1.5 and 2 (arXiv 2309.05463): both halves of a block read the same norm, a part of each
 * head is turned, and everything has a bias, the head too.
 */
final class PhiArchitecture implements Architecture {
  private static final Pattern UNUSED = Pattern.compile(".*rotary_emb\\.inv_freq");

  private static final Pattern HEADLESS =
      Pattern.compile("(embed_tokens|layers|final_layernorm)\\..*");

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "model.embed_tokens"),
          entry(Role.FINAL_NORM, "model.final_layernorm"),
          entry(Role.ATTENTION_NORM, "model.layers.{}.input_layernorm"),
          entry(Role.QUERY, "model.layers.{}.self_attn.q_proj"),
          entry(Role.KEY, "model.layers.{}.self_attn.k_proj"),
          entry(Role.VALUE, "model.layers.{}.self_attn.v_proj"),
          entry(Role.QUERY_NORM, "model.layers.{}.self_attn.q_layernorm"),
          entry(Role.KEY_NORM, "model.layers.{}.self_attn.k_layernorm"),
          entry(Role.OUTPUT, "model.layers.{}.self_attn.dense"),
          entry(Role.UP, "model.layers.{}.mlp.fc1"),
          entry(Role.DOWN, "model.layers.{}.mlp.fc2"),
          entry(Role.HEAD, "lm_head"));

  @Override
  public Family family() {
    return Family.PHI;
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    int headWidth = json.headWidth(width, heads);
    Config config =
        new Config(
            Family.PHI,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 2048),
            json.number("layer_norm_eps", 1e-5),
            json.text("hidden_act", "gelu_new"),
            Config.Embeddings.of(width),
            Config.Attention.of(heads, json.integer("num_key_value_heads", heads), headWidth),
            json.partialRotary(headWidth, "rope_theta", 0.5),
            Config.Head.of(json.bool("tie_word_embeddings", false)),
            json.specialIds(1, 2, -1),
            Config.Norms.PARALLEL_LAYER_NORM);
    return blueprint(config, json.integer("num_hidden_layers"), json.bool("qk_layernorm", false));
  }

  private static Blueprint blueprint(Config c, int blocks, boolean headNorms) {
    int d = c.width();
    int f = c.feedForward();
    int e = c.attention().headWidth();
    int queries = c.attention().heads() * e;
    int keys = c.attention().keyValueHeads() * e;
    List<Layer> block = new ArrayList<>();
    block.add(norm(Role.ATTENTION_NORM, d, true));
    block.add(linear(Role.QUERY, queries, d, true));
    block.add(linear(Role.KEY, keys, d, true));
    block.add(linear(Role.VALUE, keys, d, true));
    if (headNorms) {
      block.add(norm(Role.QUERY_NORM, e, true));
      block.add(norm(Role.KEY_NORM, e, true));
    }
    block.add(linear(Role.OUTPUT, d, queries, true));
    block.add(linear(Role.UP, f, d, true));
    block.add(linear(Role.DOWN, d, f, true));
    return new Blueprint(
        c,
        blocks,
        List.of(
            embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), d),
            norm(Role.FINAL_NORM, d, true),
            head(c, true)),
        block);
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
    return "PhiForCausalLM";
  }
}
