package io.kerf.model;

import io.kerf.format.GgufFile;
import java.util.function.UnaryOperator;

/** GPT-2 in GGUF files: matrices are (out, in), queries, keys and values one below the other. */
final class Gpt2Gguf implements GgufArchitecture {
  @Override
  public String name() {
    return "gpt2";
  }

  @Override
  public Blueprint blueprint(GgufFile file) {
    GgufMetadata metadata = new GgufMetadata(file, name());
    int width = metadata.integer("embedding_length");
    int heads = metadata.integer("attention.head_count");
    metadata.only("attention.head_count_kv", heads);
    Config config =
        new Config(
            Family.GPT2,
            width,
            metadata.integer("feed_forward_length"),
            metadata.vocabulary(),
            metadata.integer("context_length"),
            metadata.number("attention.layer_norm_epsilon"),
            "gelu_new", // what llama.cpp computes; the file does not say
            Config.Embeddings.of(width),
            Config.Attention.of(heads, heads, metadata.headWidth(width, heads)),
            null,
            Config.Head.of(tied(file)),
            metadata.specialIds(),
            Config.Norms.PRE_LAYER_NORM);
    return Gpt2Architecture.blueprint(config, metadata.integer("block_count"));
  }

  /** Some converters write the token embedding a second time, as the head. */
  private static boolean tied(GgufFile file) {
    return !file.has("output.weight")
        || file.has("token_embd.weight")
            && WeightReader.same(file.tensor("output.weight"), file.tensor("token_embd.weight"));
  }

  @Override
  public Spelling spelling(Config config) {
    return stored -> GgufNames.weights(Family.GPT2, stored, role -> UnaryOperator.identity());
  }
}
