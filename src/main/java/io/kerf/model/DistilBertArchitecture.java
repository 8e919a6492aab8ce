package io.kerf.model;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** DistilBERT with its masked-language-model head (arXiv 1910.01108). */
final class DistilBertArchitecture implements Architecture {
  private static final Pattern UNUSED =
      Pattern.compile("distilbert\\.embeddings\\.position_ids|(pre_)?classifier\\..*");

  private static final Pattern HEADLESS = Pattern.compile("(embeddings|transformer)\\..*");

  private static final Map<Role, String> MODULES =
      Map.ofEntries(
          entry(Role.TOKEN_EMBEDDING, "distilbert.embeddings.word_embeddings"),
          entry(Role.POSITION_EMBEDDING, "distilbert.embeddings.position_embeddings"),
          entry(Role.EMBEDDING_NORM, "distilbert.embeddings.LayerNorm"),
          entry(Role.HEAD_TRANSFORM, "vocab_transform"),
          entry(Role.HEAD_NORM, "vocab_layer_norm"),
          entry(Role.QUERY, "distilbert.transformer.layer.{}.attention.q_lin"),
          entry(Role.KEY, "distilbert.transformer.layer.{}.attention.k_lin"),
          entry(Role.VALUE, "distilbert.transformer.layer.{}.attention.v_lin"),
          entry(Role.OUTPUT, "distilbert.transformer.layer.{}.attention.out_lin"),
          entry(Role.ATTENTION_NORM, "distilbert.transformer.layer.{}.sa_layer_norm"),
          entry(Role.UP, "distilbert.transformer.layer.{}.ffn.lin1"),
          entry(Role.DOWN, "distilbert.transformer.layer.{}.ffn.lin2"),
          entry(Role.FFN_NORM, "distilbert.transformer.layer.{}.output_layer_norm"),
          entry(Role.HEAD, "vocab_projector"));

  @Override
  public Family family() {
    return Family.DISTILBERT;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int width = json.integer("dim");
    int heads = json.integer("n_heads");
    // sinusoidal_pos_embds says how positions were made first; the file holds them either way.
    Config config =
        new Config(
            Family.DISTILBERT,
            width,
            json.integer("hidden_dim"),
            json.integer("vocab_size"),
            json.integer("max_position_embeddings", 512),
            1e-12,
            json.text("activation", "gelu"),
            Config.Embeddings.of(width),
            Config.Attention.of(heads, heads, json.share(width, heads, "n_heads", "dim")),
            null,
            Config.Head.of(json.bool("tie_word_embeddings", true)),
            json.specialIds());
    return BertArchitecture.blueprint(config, json.integer("n_layers"));
  }

  @Override
  public Map<Role, String> modules() {
    return MODULES;
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      String name = HEADLESS.matcher(stored).matches() ? "distilbert." + stored : stored;
      return UNUSED.matcher(name).matches()
          ? List.of()
          : Spelling.Weight.plain(BertArchitecture.norms(name));
    };
  }

  @Override
  public String transformersClass() {
    return "DistilBertForMaskedLM";
  }

  @Override
  public ConfigKeys configKeys() {
    return new ConfigKeys("n_layers", "hidden_dim");
  }
}
