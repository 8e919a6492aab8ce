package io.kerf.model;

import static java.util.Map.entry;

import io.kerf.json.JsonException;
import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** RoBERTa with its masked-language-model head (arXiv 1907.11692). */
final class RobertaArchitecture implements Architecture {
  /** Buffers, the pooler and another task's head: the masked-language model reads none. */
  private static final Pattern UNUSED =
      Pattern.compile(
          "roberta\\.embeddings\\.(position_ids|token_type_ids)|roberta\\.pooler\\..*"
              + "|classifier\\..*");

  private static final Pattern HEADLESS = Pattern.compile("(embeddings|encoder|pooler)\\..*");

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "roberta.embeddings.word_embeddings"),
          entry(Role.POSITION_EMBEDDING, "roberta.embeddings.position_embeddings"),
          entry(Role.SEGMENT_EMBEDDING, "roberta.embeddings.token_type_embeddings"),
          entry(Role.EMBEDDING_NORM, "roberta.embeddings.LayerNorm"),
          entry(Role.HEAD_TRANSFORM, "lm_head.dense"),
          entry(Role.HEAD_NORM, "lm_head.layer_norm"),
          entry(Role.QUERY, "roberta.encoder.layer.{}.attention.self.query"),
          entry(Role.KEY, "roberta.encoder.layer.{}.attention.self.key"),
          entry(Role.VALUE, "roberta.encoder.layer.{}.attention.self.value"),
          entry(Role.OUTPUT, "roberta.encoder.layer.{}.attention.output.dense"),
          entry(Role.ATTENTION_NORM, "roberta.encoder.layer.{}.attention.output.LayerNorm"),
          entry(Role.UP, "roberta.encoder.layer.{}.intermediate.dense"),
          entry(Role.DOWN, "roberta.encoder.layer.{}.output.dense"),
          entry(Role.FFN_NORM, "roberta.encoder.layer.{}.output.LayerNorm"),
          entry(Role.HEAD, "lm_head.decoder"));

  @Override
  public Family family() {
    return Family.ROBERTA;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    json.only("position_embedding_type", "absolute");
    json.only("is_decoder", "false");
    json.only("add_cross_attention", "false");
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    int rows = json.integer("max_position_embeddings");
    int pad = json.integer("pad_token_id", 1);
    int offset = pad + 1; // the padding's own row is the one before the first token's
    if (pad < 0 || offset >= rows) {
      throw new JsonException(
          json.where()
              + ": pad_token_id must be in [0, "
              + (rows - 1)
              + "), since positions are counted behind it; was "
              + pad);
    }
    Config config =
        new Config(
            Family.ROBERTA,
            width,
            json.integer("intermediate_size"),
            json.integer("vocab_size"),
            rows - offset,
            json.number("layer_norm_eps", 1e-12),
            json.text("hidden_act", "gelu"),
            Config.Embeddings.of(width)
                .withSegments(json.integer("type_vocab_size", 2))
                .withPositionOffset(offset),
            Config.Attention.of(heads, heads, json.headWidth(width, heads)),
            null,
            Config.Head.of(json.bool("tie_word_embeddings", true)),
            json.specialIds());
    return BertArchitecture.blueprint(config, json.integer("num_hidden_layers"));
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      String name = HEADLESS.matcher(stored).matches() ? "roberta." + stored : stored;
      if (UNUSED.matcher(name).matches()) {
        return List.of();
      }
      // Some files hold the head's bias twice, as the head's own and as its last layer's.
      return Spelling.Weight.plain(
          name.equals("lm_head.bias") ? "lm_head.decoder.bias" : BertArchitecture.norms(name));
    };
  }

  @Override
  public String transformersClass() {
    return "RobertaForMaskedLM";
  }

  @Override
  public Map<String, Tensor> stored(Model model, Map<String, Tensor> weights) {
    return BertArchitecture.headBias(model, weights, "lm_head.bias");
  }
}
