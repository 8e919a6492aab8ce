package io.kerf.model;

import io.kerf.json.JsonException;
import io.kerf.tensor.Tensor;
import java.util.EnumMap;
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

  /** BERT's but for the prefix and the head. */
  private static Map<Role, String> modulesOfRoberta() {
    Map<Role, String> modules = new EnumMap<>(BertArchitecture.MODULES);
    modules.replaceAll((role, name) -> name.replaceFirst("^bert\\.", "roberta."));
    modules.put(Role.HEAD_TRANSFORM, "lm_head.dense");
    modules.put(Role.HEAD_NORM, "lm_head.layer_norm");
    modules.put(Role.HEAD, "lm_head.decoder");
    return Map.copyOf(modules);
  }

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
    return Names.MODULES;
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      String name = HEADLESS.matcher(stored).matches() ? "roberta." + stored : stored;
      if (UNUSED.matcher(name).matches()) {
        return List.of();
      }
      return name.equals("lm_head.bias")
          ? Spelling.Weight.headBias("lm_head.decoder", config)
          : Spelling.Weight.plain(BertArchitecture.norms(name));
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

  /** BERT's names with these differences; made when first asked for, after BERT's own. */
  private static final class Names {
    static final Map<Role, String> MODULES = modulesOfRoberta();
  }
}
