package io.kerf.model;

import static io.kerf.model.Layer.linear;
import static java.util.Map.entry;

import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * ALBERT with its masked-language-model head (arXiv 1909.11942): narrow embeddings, and one block
 * that is run again and again. Its blocks share their parameters by reference.
 */
final class AlbertArchitecture implements Architecture {
  /** Buffers, the pooler and the sentence-order head: the masked-language model reads none. */
  private static final Pattern UNUSED =
      Pattern.compile(
          "albert\\.embeddings\\.(position_ids|token_type_ids)"
              + "|albert\\.pooler(\\..*)?|sop_classifier\\..*");

  private static final Pattern HEADLESS = Pattern.compile("(embeddings|encoder|pooler)\\..*");

  private static final String BLOCK = "albert.encoder.albert_layer_groups.0.albert_layers.0.";

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "albert.embeddings.word_embeddings"),
          entry(Role.POSITION_EMBEDDING, "albert.embeddings.position_embeddings"),
          entry(Role.SEGMENT_EMBEDDING, "albert.embeddings.token_type_embeddings"),
          entry(Role.EMBEDDING_NORM, "albert.embeddings.LayerNorm"),
          entry(Role.PROJECT_IN, "albert.encoder.embedding_hidden_mapping_in"),
          entry(Role.HEAD_TRANSFORM, "predictions.dense"),
          entry(Role.HEAD_NORM, "predictions.LayerNorm"),
          entry(Role.QUERY, BLOCK + "attention.query"),
          entry(Role.KEY, BLOCK + "attention.key"),
          entry(Role.VALUE, BLOCK + "attention.value"),
          entry(Role.OUTPUT, BLOCK + "attention.dense"),
          entry(Role.ATTENTION_NORM, BLOCK + "attention.LayerNorm"),
          entry(Role.UP, BLOCK + "ffn"),
          entry(Role.DOWN, BLOCK + "ffn_output"),
          entry(Role.FFN_NORM, BLOCK + "full_layer_layer_norm"),
          entry(Role.HEAD, "predictions.decoder"));

  @Override
  public Family family() {
    return Family.ALBERT;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    json.only("position_embedding_type", "absolute");
    json.only("is_decoder", "false");
    json.only("add_cross_attention", "false");
    json.only("num_hidden_groups", "1");
    json.only("inner_group_num", "1");
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    Config config =
        new Config(
            Family.ALBERT,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 512),
            json.number("layer_norm_eps", 1e-12),
            json.text("hidden_act", "gelu_new"),
            Config.Embeddings.of(json.integer("embedding_size", 128))
                .withSegments(json.integer("type_vocab_size", 2)),
            Config.Attention.of(heads, heads, json.headWidth(width, heads)),
            null,
            Config.Head.of(json.bool("tie_word_embeddings", true)),
            json.specialIds());
    Blueprint bert = BertArchitecture.blueprint(config, json.integer("num_hidden_layers"));
    List<Layer> shared = new ArrayList<>(bert.shared());
    shared.add(linear(Role.PROJECT_IN, width, config.embeddings().width(), true));
    return new Blueprint(config, shared, bert.parts());
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      String name = HEADLESS.matcher(stored).matches() ? "albert." + stored : stored;
      if (UNUSED.matcher(name).matches()) {
        return List.of();
      }
      return name.equals("predictions.bias")
          ? Spelling.Weight.headBias("predictions.decoder", config)
          : Spelling.Weight.plain(BertArchitecture.norms(name));
    };
  }

  @Override
  public String transformersClass() {
    return "AlbertForMaskedLM";
  }

  @Override
  public Map<String, Tensor> stored(Model model, Map<String, Tensor> weights) {
    return BertArchitecture.headBias(model, weights, "predictions.bias");
  }
}
