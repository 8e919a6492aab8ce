package io.kerf.model;

import static io.kerf.model.Layer.embedding;
import static io.kerf.model.Layer.head;
import static io.kerf.model.Layer.linear;
import static io.kerf.model.Layer.norm;
import static java.util.Map.entry;

import io.kerf.tensor.Tensor;
import io.kerf.tensor.TransposedMatrix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GPT-2. Its files hold matrices (in, out), and those of queries, keys and values side by side in
 * one.
 */
final class Gpt2Architecture implements Architecture {
  /** The causal mask, which older files keep. */
  private static final Pattern UNUSED = Pattern.compile(".*\\.attn\\.(bias|masked_bias)");

  private static final Pattern HEADLESS = Pattern.compile("(wte|wpe|h|ln_f)\\..*");
  private static final Pattern FUSED = Pattern.compile("(.*\\.attn\\.c_attn)\\.(weight|bias)");
  private static final Pattern MATRIX =
      Pattern.compile(".*\\.(attn\\.c_proj|mlp\\.c_fc|mlp\\.c_proj)\\.weight");

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "transformer.wte"),
          entry(Role.POSITION_EMBEDDING, "transformer.wpe"),
          entry(Role.FINAL_NORM, "transformer.ln_f"),
          entry(Role.ATTENTION_NORM, "transformer.h.{}.ln_1"),
          entry(Role.QUERY, "transformer.h.{}.attn.c_attn[query]"),
          entry(Role.KEY, "transformer.h.{}.attn.c_attn[key]"),
          entry(Role.VALUE, "transformer.h.{}.attn.c_attn[value]"),
          entry(Role.OUTPUT, "transformer.h.{}.attn.c_proj"),
          entry(Role.FFN_NORM, "transformer.h.{}.ln_2"),
          entry(Role.UP, "transformer.h.{}.mlp.c_fc"),
          entry(Role.DOWN, "transformer.h.{}.mlp.c_proj"),
          entry(Role.HEAD, "lm_head"));

  @Override
  public Family family() {
    return Family.GPT2;
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    json.only("add_cross_attention", "false");
    int width = json.integer("n_embd");
    int heads = json.integer("n_head");
    int headWidth = json.share(width, heads, "n_head", "n_embd");
    // reorder_and_upcast_attn computes the same in float32, so either value is right.
    Config.Attention attention = Config.Attention.of(heads, heads, headWidth);
    Config config =
        new Config(
            Family.GPT2,
            width,
            json.integer("n_inner", 4 * width),
            json.integer("vocab_size"),
            json.integer("n_positions", 1024),
            json.number("layer_norm_epsilon", 1e-5),
            json.text("activation_function", "gelu_new"),
            Config.Embeddings.of(width),
            attention
                .withScale(json.bool("scale_attn_weights", true) ? attention.scale() : 1)
                .withScaleByBlock(json.bool("scale_attn_by_inverse_layer_idx", false)),
            null,
            Config.Head.of(json.bool("tie_word_embeddings", true)),
            json.specialIds(),
            Config.Norms.PRE_LAYER_NORM);
    return blueprint(config, json.integer("n_layer"));
  }

  /** The layers of a GPT-2 of these sizes. */
  static Blueprint blueprint(Config c, int blocks) {
    int d = c.width();
    int f = c.feedForward();
    return new Blueprint(
        c,
        blocks,
        List.of(
            embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), d),
            embedding(Role.POSITION_EMBEDDING, c.maxPositions(), d),
            norm(Role.FINAL_NORM, d, true),
            head(c, false)),
        List.of(
            norm(Role.ATTENTION_NORM, d, true),
            linear(Role.QUERY, d, d, true),
            linear(Role.KEY, d, d, true),
            linear(Role.VALUE, d, d, true),
            linear(Role.OUTPUT, d, d, true),
            norm(Role.FFN_NORM, d, true),
            linear(Role.UP, f, d, true),
            linear(Role.DOWN, d, f, true)));
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      String name = HEADLESS.matcher(stored).matches() ? "transformer." + stored : stored;
      if (UNUSED.matcher(name).matches()) {
        return List.of();
      }
      Matcher fused = FUSED.matcher(name);
      if (!fused.matches()) {
        return MATRIX.matcher(name).matches()
            ? List.of(new Spelling.Weight(name, Gpt2Architecture::transposed))
            : Spelling.Weight.plain(name);
      }
      boolean matrix = fused.group(2).equals("weight");
      return Fused.thirds(
          part -> Fused.part(fused.group(1), part),
          fused.group(2),
          matrix ? Gpt2Architecture::transposed : t -> t);
    };
  }

  private static Tensor transposed(Tensor stored) {
    // A wrong shape is the reader's to refuse, by name.
    return stored.shape().dimensions() == 2 ? TransposedMatrix.of(stored) : stored;
  }

  @Override
  public String transformersClass() {
    return "GPT2LMHeadModel";
  }

  @Override
  public ConfigKeys configKeys() {
    return new ConfigKeys("n_layer", "n_inner");
  }

  @Override
  public boolean storesInputsFirst() {
    return true;
  }

  @Override
  public Map<String, Tensor> stored(Model model, Map<String, Tensor> weights) {
    Map<String, Tensor> stored = new LinkedHashMap<>();
    Fused.thirds(weights)
        .forEach(
            (name, tensor) -> {
              boolean matrix = MATRIX.matcher(name).matches() || FUSED.matcher(name).matches();
              stored.put(name, matrix ? transposed(tensor) : tensor);
            });
    return stored;
  }

  @Override
  public Map<String, Object> describe(Model model) {
    Config c = model.config();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("activation_function", c.activation());
    json.put("attn_pdrop", 0.1);
    json.put("embd_pdrop", 0.1);
    json.put("initializer_range", 0.02);
    json.put("layer_norm_epsilon", c.normEpsilon());
    json.put("n_embd", c.width());
    json.put("n_head", c.attention().heads());
    json.put("n_inner", c.feedForward());
    json.put("n_positions", c.maxPositions());
    json.put("resid_pdrop", 0.1);
    json.put("use_cache", true);
    json.put("vocab_size", c.vocabulary());
    HuggingFaceConfig.put(json, c.special());
    return json;
  }
}
