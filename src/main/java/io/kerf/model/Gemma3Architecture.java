package io.kerf.model;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gemma 3 (arXiv 2503.19786), its text model alone: Gemma 2 with normed queries and keys in place
 * of soft caps, and rotary bases that differ between blocks with and without a window. The files of
 * a model that sees pictures too hold it behind a prefix.
 */
final class Gemma3Architecture implements Architecture {
  private static final Pattern PICTURES =
      Pattern.compile("(model\\.)?(vision_tower|multi_modal_projector)\\..*");

  private static final Pattern BESIDE_PICTURES =
      Pattern.compile("(?:model\\.language_model|language_model\\.model)\\.(.*)");

  private static final String HEAD_BESIDE_PICTURES = "language_model.lm_head.";

  @Override
  public Family family() {
    return Family.GEMMA3;
  }

  @Override
  public Map<Role, String> modules() {
    return Gemma2Architecture.MODULES;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    int blocks = json.integer("num_hidden_layers", 26);
    int headWidth = json.integer("head_dim", 256);
    json.absent("attn_logit_softcapping");
    int period = json.integer("sliding_window_pattern", json.integer("_sliding_window_pattern", 6));
    if (period <= 0) {
      throw new IllegalArgumentException("sliding_window_pattern must be positive, was " + period);
    }
    Config.Window window =
        json.window(json.slidingWindow(4096), blocks, block -> (block + 1) % period != 0);
    Config config =
        Gemma2Architecture.config(
            Family.GEMMA3,
            json,
            Gemma2Architecture.attention(json, headWidth, window),
            json.rotaryByWindow(headWidth, 1_000_000, 10_000),
            json.integer("vocab_size", 262_208),
            json.integer("max_position_embeddings", 131_072),
            json.softCap("final_logit_softcapping", 0));
    return LlamaLayers.PLAIN
        .withAttentionBias(json.bool("attention_bias", false))
        .withHeadNorms()
        .withOuterNorms()
        .blueprint(config, blocks);
  }

  @Override
  public Spelling spelling(Config config) {
    Spelling text = LlamaLayers.spelling();
    return stored -> {
      if (PICTURES.matcher(stored).matches()) {
        return List.of();
      }
      Matcher beside = BESIDE_PICTURES.matcher(stored);
      return text.weights(
          beside.matches()
              ? "model." + beside.group(1)
              : stored.startsWith(HEAD_BESIDE_PICTURES)
                  ? stored.substring("language_model.".length())
                  : stored);
    };
  }

  @Override
  public String transformersClass() {
    return "Gemma3ForCausalLM";
  }
}
