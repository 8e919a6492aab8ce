package io.kerf.model;

import static io.kerf.model.Layer.embedding;
import static io.kerf.model.Layer.head;
import static io.kerf.model.Layer.linear;
import static io.kerf.model.Layer.norm;
import static java.util.Map.entry;

import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** BERT with its masked-language-model head (arXiv 1810.04805). */
final class BertArchitecture implements Architecture {
  /** Buffers, the pooler and the next-sentence head: the masked-language model reads none. */
  private static final Pattern UNUSED =
      Pattern.compile(
          "bert\\.embeddings\\.(position_ids|token_type_ids)"
              + "|bert\\.pooler\\..*|cls\\.seq_relationship\\..*");

  private static final Pattern HEADLESS = Pattern.compile("(embeddings|encoder|pooler)\\..*");

  static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "bert.embeddings.word_embeddings"),
          entry(Role.POSITION_EMBEDDING, "bert.embeddings.position_embeddings"),
          entry(Role.SEGMENT_EMBEDDING, "bert.embeddings.token_type_embeddings"),
          entry(Role.EMBEDDING_NORM, "bert.embeddings.LayerNorm"),
          entry(Role.HEAD_TRANSFORM, "cls.predictions.transform.dense"),
          entry(Role.HEAD_NORM, "cls.predictions.transform.LayerNorm"),
          entry(Role.QUERY, "bert.encoder.layer.{}.attention.self.query"),
          entry(Role.KEY, "bert.encoder.layer.{}.attention.self.key"),
          entry(Role.VALUE, "bert.encoder.layer.{}.attention.self.value"),
          entry(Role.OUTPUT, "bert.encoder.layer.{}.attention.output.dense"),
          entry(Role.ATTENTION_NORM, "bert.encoder.layer.{}.attention.output.LayerNorm"),
          entry(Role.UP, "bert.encoder.layer.{}.intermediate.dense"),
          entry(Role.DOWN, "bert.encoder.layer.{}.output.dense"),
          entry(Role.FFN_NORM, "bert.encoder.layer.{}.output.LayerNorm"),
          entry(Role.HEAD, "cls.predictions.decoder"));

  @Override
  public Family family() {
    return Family.BERT;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    json.only("position_embedding_type", "absolute");
    json.only("is_decoder", "false");
    json.only("add_cross_attention", "false");
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    Config config =
        new Config(
            Family.BERT,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings"),
            json.number("layer_norm_eps", 1e-12),
            json.text("hidden_act", "gelu"),
            Config.Embeddings.of(width).withSegments(json.integer("type_vocab_size", 2)),
            Config.Attention.of(heads, heads, json.headWidth(width, heads)),
            null,
            Config.Head.of(json.bool("tie_word_embeddings", true)),
            json.specialIds());
    return blueprint(config, json.integer("num_hidden_layers"));
  }

  /** The layers of a BERT of these sizes, or of one of its kin. */
  static Blueprint blueprint(Config c, int blocks) {
    int d = c.width();
    int e = c.embeddings().width();
    int f = c.feedForward();
    List<Layer> shared = new ArrayList<>();
    shared.add(embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), e));
    int positions = Math.addExact(c.embeddings().positionOffset(), c.maxPositions());
    shared.add(embedding(Role.POSITION_EMBEDDING, positions, e));
    if (c.embeddings().segments() > 0) {
      shared.add(embedding(Role.SEGMENT_EMBEDDING, c.embeddings().segments(), e));
    }
    shared.add(norm(Role.EMBEDDING_NORM, e, true));
    shared.add(linear(Role.HEAD_TRANSFORM, e, d, true));
    shared.add(norm(Role.HEAD_NORM, e, true));
    shared.add(head(c, true));
    return new Blueprint(
        c,
        blocks,
        shared,
        List.of(
            linear(Role.QUERY, d, d, true),
            linear(Role.KEY, d, d, true),
            linear(Role.VALUE, d, d, true),
            linear(Role.OUTPUT, d, d, true),
            norm(Role.ATTENTION_NORM, d, true),
            linear(Role.UP, f, d, true),
            linear(Role.DOWN, d, f, true),
            norm(Role.FFN_NORM, d, true)));
  }

  /** The old names of norms' weights. */
  static String norms(String name) {
    return name.replaceFirst("\\.gamma$", ".weight").replaceFirst("\\.beta$", ".bias");
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      String name = HEADLESS.matcher(stored).matches() ? "bert." + stored : stored;
      if (UNUSED.matcher(name).matches()) {
        return List.of();
      }
      return name.equals("cls.predictions.bias")
          ? Spelling.Weight.headBias("cls.predictions.decoder", config)
          : Spelling.Weight.plain(norms(name));
    };
  }

  @Override
  public String transformersClass() {
    return "BertForMaskedLM";
  }

  @Override
  public Map<String, Tensor> stored(Model model, Map<String, Tensor> weights) {
    return headBias(model, weights, "cls.predictions.bias");
  }

  /**
   * The head's bias one module higher, as files have it; a head that is not tied has it at both
   * places, since its last layer is then one of its own.
   */
  static Map<String, Tensor> headBias(Model model, Map<String, Tensor> weights, String higher) {
    Map<String, Tensor> stored = new LinkedHashMap<>(weights);
    String own = model.layerName(Role.HEAD, -1) + ".bias";
    Tensor bias = stored.get(own);
    if (bias == null) {
      return stored;
    }
    if (model.config().head().tied()) {
      stored.remove(own);
    }
    stored.put(higher, bias);
    return stored;
  }

  @Override
  public Map<String, Object> describe(Model model) {
    Config c = model.config();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attention_probs_dropout_prob", 0.1);
    json.put("hidden_act", c.activation());
    json.put("hidden_dropout_prob", 0.1);
    json.put("hidden_size", c.width());
    json.put("initializer_range", 0.02);
    json.put("intermediate_size", c.feedForward());
    json.put("layer_norm_eps", c.normEpsilon());
    json.put("max_position_embeddings", c.maxPositions());
    json.put("num_attention_heads", c.attention().heads());
    json.put("position_embedding_type", "absolute");
    json.put("type_vocab_size", c.embeddings().segments());
    json.put("vocab_size", c.vocabulary());
    HuggingFaceConfig.put(json, c.special());
    return json;
  }
}
