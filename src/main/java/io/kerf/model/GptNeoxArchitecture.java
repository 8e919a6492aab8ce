package io.kerf.model;

import static io.kerf.model.Layer.embedding;
import static io.kerf.model.Layer.head;
import static io.kerf.model.Layer.linear;
import static io.kerf.model.Layer.norm;
import static java.util.Map.entry;

import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GPT-NeoX (arXiv 2204.06745), Pythia among them: a part of each head is turned, and both halves of
 * a block stand side by side or follow each other. Files hold queries, keys and values in one
 * tensor, head by head.
 */
final class GptNeoxArchitecture implements Architecture {
  /** The causal mask and the rotary frequencies, which older files keep. */
  private static final Pattern UNUSED =
      Pattern.compile(".*\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)");

  private static final Pattern HEADLESS =
      Pattern.compile("(embed_in|layers|final_layer_norm)\\..*");

  private static final Pattern FUSED =
      Pattern.compile("(.*\\.attention\\.query_key_value)\\.(weight|bias)");

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "gpt_neox.embed_in"),
          entry(Role.FINAL_NORM, "gpt_neox.final_layer_norm"),
          entry(Role.ATTENTION_NORM, "gpt_neox.layers.{}.input_layernorm"),
          entry(Role.QUERY, "gpt_neox.layers.{}.attention.query_key_value[query]"),
          entry(Role.KEY, "gpt_neox.layers.{}.attention.query_key_value[key]"),
          entry(Role.VALUE, "gpt_neox.layers.{}.attention.query_key_value[value]"),
          entry(Role.OUTPUT, "gpt_neox.layers.{}.attention.dense"),
          entry(Role.FFN_NORM, "gpt_neox.layers.{}.post_attention_layernorm"),
          entry(Role.UP, "gpt_neox.layers.{}.mlp.dense_h_to_4h"),
          entry(Role.DOWN, "gpt_neox.layers.{}.mlp.dense_4h_to_h"),
          entry(Role.HEAD, "embed_out"));

  @Override
  public Family family() {
    return Family.GPT_NEOX;
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int d = json.integer("hidden_size");
    int f = json.integer("intermediate_size");
    int heads = json.integer("num_attention_heads");
    int headWidth = json.share(d, heads, "num_attention_heads", "hidden_size");
    boolean bias = json.bool("attention_bias", true);
    Config c =
        new Config(
            Family.GPT_NEOX,
            d,
            f,
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 2048),
            json.number("layer_norm_eps", 1e-5),
            json.text("hidden_act", "gelu"),
            Config.Embeddings.of(d),
            Config.Attention.of(heads, heads, headWidth),
            json.partialRotary(headWidth, "rotary_emb_base", 0.25),
            Config.Head.of(json.bool("tie_word_embeddings", false)),
            json.specialIds(0, 2, -1),
            json.bool("use_parallel_residual", true)
                ? Config.Norms.PARALLEL_LAYER_NORM
                : Config.Norms.PRE_LAYER_NORM);
    return new Blueprint(
        c,
        json.integer("num_hidden_layers"),
        List.of(
            embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), d),
            norm(Role.FINAL_NORM, d, true),
            head(c, false)),
        List.of(
            norm(Role.ATTENTION_NORM, d, true),
            linear(Role.QUERY, d, d, bias),
            linear(Role.KEY, d, d, bias),
            linear(Role.VALUE, d, d, bias),
            linear(Role.OUTPUT, d, d, bias),
            norm(Role.FFN_NORM, d, true),
            linear(Role.UP, f, d, true),
            linear(Role.DOWN, d, f, true)));
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      String name =
          HEADLESS.matcher(stored).matches()
              ? "gpt_neox." + stored
              : stored.replaceFirst("^lm_head\\.", "embed_out.");
      if (UNUSED.matcher(name).matches()) {
        return List.of();
      }
      Matcher fused = FUSED.matcher(name);
      Config.Attention attention = config.attention();
      return fused.matches()
          ? Fused.byHead(
              part -> Fused.part(fused.group(1), part),
              fused.group(2),
              attention.heads(),
              attention.headWidth())
          : Spelling.Weight.plain(name);
    };
  }

  @Override
  public String transformersClass() {
    return "GPTNeoXForCausalLM";
  }

  @Override
  public Map<String, Tensor> stored(Model model, Map<String, Tensor> weights) {
    return Fused.byHead(weights, model.config().attention().headWidth());
  }
}
