package io.kerf.engine;

import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.Tensor;

/**
 * What tokens become before the first block. Both tables stay on the host: only the rows of a batch
 * are needed.
 */
final class InputEmbedding {
  private final String name;
  private final Config config;
  private final Tensor tokens; // (V, the embedding's width)
  private final Tensor positions; // (positions, D), or null

  InputEmbedding(Model model) {
    this.name = model.lineage().name();
    this.config = model.config();
    this.tokens = model.shared().get(Role.TOKEN_EMBEDDING).weight();
    this.positions =
        config.learnsPositions() ? model.shared().get(Role.POSITION_EMBEDDING).weight() : null;
  }

  /** The tokens' rows, scaled, and those of their positions added: (N, D). */
  float[] sum(int[] ids, int[] at) {
    float[] rows = tokens(ids);
    if (positions != null) {
      float[] places = positions(at);
      for (int i = 0; i < rows.length; i++) {
        rows[i] += places[i];
      }
    }
    return rows;
  }

  /** The tokens' rows, scaled: (N, the embedding's width). */
  float[] tokens(int[] ids) {
    float[] rows = rows(tokens, ids, 0);
    float scale = (float) config.embeddings().scale();
    if (scale != 1) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] *= scale;
      }
    }
    return rows;
  }

  /** The positions' rows: (N, D). */
  float[] positions(int[] at) {
    for (int position : at) {
      if (position >= config.maxPositions()) {
        throw new IllegalArgumentException(
            name
                + ": a text has a token at position "
                + position
                + ", the model learned "
                + config.maxPositions()
                + " positions; read it in parts of at most "
                + config.maxPositions()
                + " tokens");
      }
    }
    return rows(positions, at, config.embeddings().positionOffset());
  }

  /** Fails if a prompt and the tokens to be generated need positions that were not learned. */
  void requireRoom(int prompt, int newTokens) {
    int room = config.maxPositions() + 1 - prompt; // the last new token is not read
    if (positions != null && newTokens > Math.max(0, room)) {
      throw new IllegalArgumentException(
          name
              + ": a prompt of "
              + prompt
              + " tokens and "
              + newTokens
              + " new ones need more positions than the "
              + config.maxPositions()
              + " that the model learned; "
              + (room > 0 ? "ask for at most " + room + " new tokens" : "shorten the prompt"));
    }
  }

  private static float[] rows(Tensor table, int[] indices, int offset) {
    int width = table.shape().columns();
    float[] rows = new float[indices.length * width];
    for (int i = 0; i < indices.length; i++) {
      table.read((long) (offset + indices[i]) * width, rows, i * width, width);
    }
    return rows;
  }
}
