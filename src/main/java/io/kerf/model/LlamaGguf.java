package io.kerf.model;

import static java.util.Map.entry;

import io.kerf.format.FormatException;
import io.kerf.format.GgufFile;
import io.kerf.format.GgufValue;
import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LLaMA in GGUF files. llama.cpp rotates neighbouring elements of a head where Hugging Face rotates
 * its halves against each other, so its files hold the rows of queries and keys interleaved.
 */
final class LlamaGguf implements GgufArchitecture {
  private static final Pattern IN_BLOCK =
      Pattern.compile("blk\\.(\\d{1,6})\\.(\\w+)\\.(weight|bias)");

  private static final Map<String, Role> BLOCK_ROLES =
      Map.ofEntries(
          entry("attn_norm", Role.ATTENTION_NORM),
          entry("attn_q", Role.QUERY),
          entry("attn_k", Role.KEY),
          entry("attn_v", Role.VALUE),
          entry("attn_output", Role.OUTPUT),
          entry("ffn_norm", Role.FFN_NORM),
          entry("ffn_gate", Role.GATE),
          entry("ffn_up", Role.UP),
          entry("ffn_down", Role.DOWN));

  private static final Map<String, Role> SHARED_ROLES =
      Map.of(
          "token_embd.weight", Role.TOKEN_EMBEDDING,
          "output_norm.weight", Role.FINAL_NORM,
          "output.weight", Role.HEAD);

  @Override
  public String name() {
    return "llama";
  }

  @Override
  public Blueprint blueprint(GgufFile file) {
    int width = file.metadata("llama.embedding_length").integer();
    int heads = file.metadata("llama.attention.head_count").integer();
    int headWidth = headWidth(file, width, heads);
    only(file, "llama.expert_count", 0);
    only(file, "llama.rope.dimension_count", headWidth);
    Config config =
        new Config(
            Family.LLAMA,
            width,
            file.metadata("llama.feed_forward_length").integer(),
            integer(
                file, "llama.vocab_size", file.metadata("tokenizer.ggml.tokens").texts().size()),
            file.metadata("llama.context_length").integer(),
            shortest(file.metadata("llama.attention.layer_norm_rms_epsilon").number()),
            "silu",
            Config.Embeddings.of(width),
            Config.Attention.of(
                heads, integer(file, "llama.attention.head_count_kv", heads), headWidth),
            GgufRotary.read(file, headWidth),
            Config.Head.of(!file.has("output.weight")),
            new Config.SpecialIds(
                integer(file, "tokenizer.ggml.bos_token_id", -1),
                integer(file, "tokenizer.ggml.eos_token_id", -1),
                integer(file, "tokenizer.ggml.padding_token_id", -1)));
    return LlamaArchitecture.blueprint(
        config,
        file.metadata("llama.block_count").integer(),
        file.has("blk.0.attn_q.bias"),
        file.has("blk.0.ffn_up.bias"));
  }

  private static int headWidth(GgufFile file, int width, int heads) {
    GgufValue length = file.metadata("llama.attention.key_length");
    if (length.present()) {
      only(file, "llama.attention.value_length", length.integer());
      return length.integer();
    }
    if (heads <= 0 || width % heads != 0) {
      throw new FormatException(
          file.metadata("llama.attention.head_count").where()
              + " must divide llama.embedding_length "
              + width
              + ", was "
              + heads);
    }
    return width / heads;
  }

  private static int integer(GgufFile file, String key, int absent) {
    return file.metadata(key).optional().map(GgufValue::integer).orElse(absent);
  }

  private static void only(GgufFile file, String key, int supported) {
    if (integer(file, key, supported) != supported) {
      throw new FormatException(
          file.metadata(key).where()
              + " must be "
              + supported
              + ", the only one supported; was "
              + file.metadata(key));
    }
  }

  /** The shortest decimal of a float32: what was meant by 9.999999747378752E-6 is 1E-5. */
  static double shortest(double float32) {
    return Double.parseDouble(Float.toString((float) float32));
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> {
      if (stored.equals(GgufRotary.FACTORS)) {
        return List.of(); // read with the configuration
      }
      if (SHARED_ROLES.containsKey(stored)) {
        return Spelling.Weight.plain(
            Family.LLAMA.layerName(SHARED_ROLES.get(stored), 0) + ".weight");
      }
      Matcher name = IN_BLOCK.matcher(stored);
      Role role = name.matches() ? BLOCK_ROLES.get(name.group(2)) : null;
      if (role == null) {
        return Spelling.Weight.plain(stored); // not ours: refused by its name
      }
      String layer = Family.LLAMA.layerName(role, Integer.parseInt(name.group(1)));
      return List.of(
          new Spelling.Weight(layer + "." + name.group(3), rows(role, config.attention())));
    };
  }

  private static UnaryOperator<Tensor> rows(Role role, Config.Attention attention) {
    return switch (role) {
      case QUERY, KEY -> InterleavedRotary.rows(role, attention);
      default -> UnaryOperator.identity();
    };
  }
}
