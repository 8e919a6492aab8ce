package io.kerf.model;

import io.kerf.format.GgufFile;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Qwen2 and Qwen3 in GGUF files: llama.cpp rotates their heads as Hugging Face does, so rows lie as
 * they are meant.
 */
record QwenGguf(Family family) implements GgufArchitecture {
  @Override
  public String name() {
    return family.modelType();
  }

  @Override
  public Blueprint blueprint(GgufFile file) {
    GgufMetadata metadata = new GgufMetadata(file, name());
    LlamaLayers layers =
        LlamaLayers.PLAIN
            .withAttentionBias(file.has("blk.0.attn_output.bias"))
            .withQueryBias(file.has("blk.0.attn_q.bias"));
    return (family == Family.QWEN3 ? layers.withHeadNorms() : layers)
        .blueprint(LlamaGguf.config(family, metadata), metadata.integer("block_count"));
  }

  @Override
  public Spelling spelling(Config config) {
    return stored ->
        stored.equals(GgufRotary.FACTORS)
            ? List.of() // read with the configuration
            : GgufNames.weights(family, stored, role -> UnaryOperator.identity());
  }
}
