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
 * OPT (arXiv 2205.01068). The one with 350 million weights has its norms after each half of a
 * block, and embeddings narrower than the model.
 */
final class OptArchitecture implements Architecture {
  private static final int POSITION_OFFSET = 2; // rows of the table that no token gets

  private static final Pattern HEADLESS = Pattern.compile("decoder\\..*");

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "model.decoder.embed_tokens"),
          entry(Role.POSITION_EMBEDDING, "model.decoder.embed_positions"),
          entry(Role.PROJECT_IN, "model.decoder.project_in"),
          entry(Role.PROJECT_OUT, "model.decoder.project_out"),
          entry(Role.FINAL_NORM, "model.decoder.final_layer_norm"),
          entry(Role.ATTENTION_NORM, "model.decoder.layers.{}.self_attn_layer_norm"),
          entry(Role.QUERY, "model.decoder.layers.{}.self_attn.q_proj"),
          entry(Role.KEY, "model.decoder.layers.{}.self_attn.k_proj"),
          entry(Role.VALUE, "model.decoder.layers.{}.self_attn.v_proj"),
          entry(Role.OUTPUT, "model.decoder.layers.{}.self_attn.out_proj"),
          entry(Role.FFN_NORM, "model.decoder.layers.{}.final_layer_norm"),
          entry(Role.UP, "model.decoder.layers.{}.fc1"),
          entry(Role.DOWN, "model.decoder.layers.{}.fc2"),
          entry(Role.HEAD, "lm_head"));

  @Override
  public Family family() {
    return Family.OPT;
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int d = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    int headWidth = json.share(d, heads, "num_attention_heads", "hidden_size");
    int narrow = json.integer("word_embed_proj_dim", d);
    boolean before = json.bool("do_layer_norm_before", true);
    boolean last = before && !json.bool("_remove_final_layer_norm", false);
    Config config =
        new Config(
            Family.OPT,
            d,
            json.integer("ffn_dim"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 2048),
            1e-5, // torch's own; no key names another
            json.text("activation_function", "relu"),
            Config.Embeddings.of(narrow).withPositionOffset(POSITION_OFFSET),
            Config.Attention.of(heads, heads, headWidth),
            null,
            Config.Head.of(json.bool("tie_word_embeddings", true)),
            json.specialIds(2, 2, 1),
            new Config.Norms(
                true, 0, before ? Config.Norms.Order.BEFORE : Config.Norms.Order.AFTER, last));
    return blueprint(
        config,
        json.integer("num_hidden_layers"),
        json.bool("enable_bias", true),
        json.bool("layer_norm_elementwise_affine", true));
  }

  private static Blueprint blueprint(Config c, int blocks, boolean bias, boolean affine) {
    int d = c.width();
    int f = c.feedForward();
    int narrow = c.embeddings().width();
    List<Layer> shared = new ArrayList<>();
    shared.add(embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), narrow));
    shared.add(embedding(Role.POSITION_EMBEDDING, c.maxPositions() + POSITION_OFFSET, d));
    if (narrow != d) {
      shared.add(linear(Role.PROJECT_IN, d, narrow, false));
      shared.add(linear(Role.PROJECT_OUT, narrow, d, false));
    }
    if (affine && c.norms().last()) {
      shared.add(norm(Role.FINAL_NORM, d, true));
    }
    shared.add(head(c, false));
    List<Layer> block = new ArrayList<>();
    if (affine) { // else the norms move and scale nothing: there is nothing to be stored
      block.add(norm(Role.ATTENTION_NORM, d, true));
      block.add(norm(Role.FFN_NORM, d, true));
    }
    block.add(linear(Role.QUERY, d, d, bias));
    block.add(linear(Role.KEY, d, d, bias));
    block.add(linear(Role.VALUE, d, d, bias));
    block.add(linear(Role.OUTPUT, d, d, bias));
    block.add(linear(Role.UP, f, d, bias));
    block.add(linear(Role.DOWN, d, f, bias));
    return new Blueprint(c, blocks, shared, block);
  }

  @Override
  public Spelling spelling(Config config) {
    return stored ->
        Spelling.Weight.plain(HEADLESS.matcher(stored).matches() ? "model." + stored : stored);
  }

  @Override
  public String transformersClass() {
    return "OPTForCausalLM";
  }

  @Override
  public ConfigKeys configKeys() {
    return new ConfigKeys("num_hidden_layers", "ffn_dim");
  }
}
