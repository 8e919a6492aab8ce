package io.kerf.engine;

import java.util.List;

/**
 * What a forward pass went through, for inspection: every array (T, D) row-major but the logits.
 *
 * @param embeddings output of the embedding layer
 * @param blocks raw output of each block, before any final norm
 * @param lastHidden after the final norm where there is one
 * @param logits (T, V) row-major
 */
public record Trace(float[] embeddings, List<float[]> blocks, float[] lastHidden, float[] logits) {
  /** Rows of equal length as one row-major array. */
  static float[] flat(float[][] rows) {
    int width = rows.length == 0 ? 0 : rows[0].length;
    float[] flat = new float[rows.length * width];
    for (int r = 0; r < rows.length; r++) {
      System.arraycopy(rows[r], 0, flat, r * width, width);
    }
    return flat;
  }
}
