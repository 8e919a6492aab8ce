package io.kerf.model;

import static io.kerf.model.Layer.embedding;
import static io.kerf.model.Layer.head;
import static io.kerf.model.Layer.linear;
import static io.kerf.model.Layer.norm;
import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The layers of a decoder with RMS norms and a gated feed-forward, by LLaMA's names, and what later
 * families added to them.
 *
 * @param queryBias queries, keys and values have biases
 * @param outputBias attention's output projection has one
 * @param ffnBias the feed-forward layers have biases
 * @param headNorms queries and keys are normed
 * @param outerNorms what each half of a block adds is normed
 */
record LlamaLayers(
    boolean queryBias, boolean outputBias, boolean ffnBias, boolean headNorms, boolean outerNorms) {
  static final LlamaLayers PLAIN = new LlamaLayers(false, false, false, false, false);

  static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "model.embed_tokens"),
          entry(Role.FINAL_NORM, "model.norm"),
          entry(Role.ATTENTION_NORM, "model.layers.{}.input_layernorm"),
          entry(Role.QUERY, "model.layers.{}.self_attn.q_proj"),
          entry(Role.KEY, "model.layers.{}.self_attn.k_proj"),
          entry(Role.VALUE, "model.layers.{}.self_attn.v_proj"),
          entry(Role.QUERY_NORM, "model.layers.{}.self_attn.q_norm"),
          entry(Role.KEY_NORM, "model.layers.{}.self_attn.k_norm"),
          entry(Role.OUTPUT, "model.layers.{}.self_attn.o_proj"),
          entry(Role.FFN_NORM, "model.layers.{}.post_attention_layernorm"),
          entry(Role.GATE, "model.layers.{}.mlp.gate_proj"),
          entry(Role.UP, "model.layers.{}.mlp.up_proj"),
          entry(Role.DOWN, "model.layers.{}.mlp.down_proj"),
          entry(Role.HEAD, "lm_head"));

  /** Older files keep the rotary frequencies, which follow from the configuration. */
  private static final Pattern UNUSED = Pattern.compile(".*rotary_emb\\.inv_freq");

  private static final Pattern HEADLESS = Pattern.compile("(embed_tokens|layers|norm)\\..*");

  LlamaLayers withQueryBias(boolean biased) {
    return new LlamaLayers(biased, outputBias, ffnBias, headNorms, outerNorms);
  }

  LlamaLayers withAttentionBias(boolean biased) {
    return new LlamaLayers(biased, biased, ffnBias, headNorms, outerNorms);
  }

  LlamaLayers withFfnBias(boolean biased) {
    return new LlamaLayers(queryBias, outputBias, biased, headNorms, outerNorms);
  }

  LlamaLayers withHeadNorms() {
    return new LlamaLayers(queryBias, outputBias, ffnBias, true, outerNorms);
  }

  LlamaLayers withOuterNorms() {
    return new LlamaLayers(queryBias, outputBias, ffnBias, headNorms, true);
  }

  /** All layers of a model of these sizes. */
  Blueprint blueprint(Config c, int blocks) {
    int d = c.width();
    int f = c.feedForward();
    int e = c.attention().headWidth();
    int queries = c.attention().heads() * e;
    int keys = c.attention().keyValueHeads() * e;
    List<Layer> block = new ArrayList<>();
    block.add(norm(Role.ATTENTION_NORM, d, false));
    block.add(linear(Role.QUERY, queries, d, queryBias));
    block.add(linear(Role.KEY, keys, d, queryBias));
    block.add(linear(Role.VALUE, keys, d, queryBias));
    if (headNorms) {
      block.add(norm(Role.QUERY_NORM, e, false));
      block.add(norm(Role.KEY_NORM, e, false));
    }
    block.add(linear(Role.OUTPUT, d, queries, outputBias));
    if (outerNorms) {
      block.add(norm(Role.POST_ATTENTION_NORM, d, false));
    }
    block.add(norm(Role.FFN_NORM, d, false));
    block.add(linear(Role.GATE, f, d, ffnBias));
    block.add(linear(Role.UP, f, d, ffnBias));
    block.add(linear(Role.DOWN, d, f, ffnBias));
    if (outerNorms) {
      block.add(norm(Role.POST_FFN_NORM, d, false));
    }
    return new Blueprint(
        c,
        blocks,
        List.of(
            embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), d),
            norm(Role.FINAL_NORM, d, false),
            head(c, false)),
        block);
  }

  /** With and without the prefix. */
  static Spelling spelling() {
    return stored ->
        UNUSED.matcher(stored).matches()
            ? List.of()
            : Spelling.Weight.plain(
                HEADLESS.matcher(stored).matches() ? "model." + stored : stored);
  }

  /** What such a model's config.json says; families add what is theirs. */
  static Map<String, Object> describe(Model model) {
    Config c = model.config();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attention_dropout", 0.0);
    json.put("head_dim", c.attention().headWidth());
    json.put("hidden_act", c.activation());
    json.put("hidden_size", c.width());
    json.put("initializer_range", 0.02);
    json.put("intermediate_size", c.feedForward());
    json.put("max_position_embeddings", c.maxPositions());
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
