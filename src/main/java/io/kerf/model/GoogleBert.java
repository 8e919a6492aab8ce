package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.WeightFile;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import io.kerf.tensor.TransposedMatrix;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * BERT as Google released it: a TensorFlow bundle whose dense kernels are (in, out), and no
 * configuration, so that the sizes are those of the weights.
 */
final class GoogleBert {
  private static final String EMBEDDINGS = "module/bert/embeddings/";
  private static final Pattern LAYER = Pattern.compile("encoder\\.layer_(\\d+)");

  /** In every BERT that Google released; the weights do not tell. */
  private static final int HEAD_WIDTH = 64;

  private GoogleBert() {}

  static Blueprint blueprint(WeightFile file) {
    Shape words = matrix(file, EMBEDDINGS + "word_embeddings");
    int width = words.columns();
    int heads = width / HEAD_WIDTH;
    if (width % HEAD_WIDTH != 0) {
      throw new FormatException(
          file.name()
              + ": "
              + EMBEDDINGS
              + "word_embeddings must have a multiple of "
              + HEAD_WIDTH
              + " columns, the width of a head in Google's BERT models; was "
              + words);
    }
    int blocks = 0;
    while (file.has("module/bert/encoder/layer_" + blocks + "/output/dense/kernel")) {
      blocks++;
    }
    Config config =
        new Config(
            Family.BERT,
            width,
            matrix(file, "module/bert/encoder/layer_0/intermediate/dense/kernel").columns(),
            words.rows(),
            matrix(file, EMBEDDINGS + "position_embeddings").rows(),
            1e-12,
            "gelu",
            Config.Embeddings.of(width)
                .withSegments(matrix(file, EMBEDDINGS + "token_type_embeddings").rows()),
            Config.Attention.of(heads, heads, HEAD_WIDTH),
            null,
            Config.Head.of(true),
            new Config.SpecialIds(-1, -1, 0));
    return BertArchitecture.blueprint(config, blocks);
  }

  private static Shape matrix(WeightFile file, String name) {
    Shape shape = file.tensor(name).shape();
    if (shape.dimensions() != 2) {
      throw new FormatException(file.name() + ": " + name + " must be a matrix, was " + shape);
    }
    return shape;
  }

  /** Turns Google's names into Hugging Face's, and kernels (in, out) into weights (out, in). */
  static Spelling spelling(Config config) {
    Spelling bert = new BertArchitecture().spelling(config);
    return stored -> {
      boolean kernel = stored.endsWith("/kernel");
      String name =
          LAYER
              .matcher(stored.replaceFirst("^module/", "").replace('/', '.'))
              .replaceFirst("encoder.layer.$1")
              .replaceFirst("\\.kernel$", ".weight")
              .replaceFirst("\\.output_bias$", ".bias")
              .replaceFirst("_embeddings$", "_embeddings.weight");
      return bert.weights(name).stream()
          .map(w -> kernel ? new Spelling.Weight(w.name(), transposed()) : w)
          .toList();
    };
  }

  private static UnaryOperator<Tensor> transposed() {
    // A wrong shape is the reader's to refuse, by name.
    return stored -> stored.shape().dimensions() == 2 ? TransposedMatrix.of(stored) : stored;
  }
}
