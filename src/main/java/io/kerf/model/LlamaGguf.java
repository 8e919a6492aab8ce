package io.kerf.model;

import io.kerf.format.GgufFile;
import io.kerf.tensor.SelectedRows;
import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * LLaMA in GGUF files. llama.cpp rotates neighbouring elements of a head where Hugging Face rotates
 * its halves against each other, so its files hold the rows of queries and keys interleaved.
 */
final class LlamaGguf implements GgufArchitecture {
  @Override
  public String name() {
    return "llama";
  }

  @Override
  public Blueprint blueprint(GgufFile file) {
    GgufMetadata llama = new GgufMetadata(file, name());
    Config config = config(Family.LLAMA, llama);
    return LlamaArchitecture.blueprint(
        config,
        llama.integer("block_count"),
        file.has("blk.0.attn_q.bias"),
        file.has("blk.0.ffn_up.bias"));
  }

  /** The configuration of a model with LLaMA's layers. */
  static Config config(Family family, GgufMetadata metadata) {
    int width = metadata.integer("embedding_length");
    int heads = metadata.integer("attention.head_count");
    int headWidth = metadata.headWidth(width, heads);
    metadata.only("expert_count", 0);
    metadata.only("rope.dimension_count", headWidth);
    return new Config(
        family,
        width,
        metadata.integer("feed_forward_length"),
        metadata.vocabulary(),
        metadata.integer("context_length"),
        metadata.number("attention.layer_norm_rms_epsilon"),
        "silu",
        Config.Embeddings.of(width),
        Config.Attention.of(heads, metadata.integer("attention.head_count_kv", heads), headWidth),
        GgufRotary.read(metadata, headWidth),
        Config.Head.of(!metadata.file().has("output.weight")),
        metadata.specialIds());
  }

  @Override
  public Spelling spelling(Config config) {
    return stored ->
        stored.equals(GgufRotary.FACTORS)
            ? List.of() // read with the configuration
            : GgufNames.weights(Family.LLAMA, stored, role -> rows(role, config.attention()));
  }

  private static UnaryOperator<Tensor> rows(Role role, Config.Attention attention) {
    return switch (role) {
      case QUERY -> interleaved(attention.heads(), attention.headWidth());
      case KEY -> interleaved(attention.keyValueHeads(), attention.headWidth());
      default -> UnaryOperator.identity();
    };
  }

  /** Puts each head's rows 0, h/2, 1, h/2+1, ... back in order. */
  private static UnaryOperator<Tensor> interleaved(int heads, int headWidth) {
    int half = headWidth / 2;
    int[] rows = new int[heads * headWidth];
    for (int row = 0; row < rows.length; row++) {
      int inHead = row % headWidth;
      rows[row] = row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
    }
    // A wrong shape is the reader's to refuse, by name.
    return stored ->
        stored.shape().dimensions() > 0 && stored.shape().size(0) == rows.length
            ? SelectedRows.of(stored, rows)
            : stored;
  }
}
