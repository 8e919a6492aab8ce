package io.kerf.onnx;

import io.kerf.engine.TinyLogits;
import io.kerf.model.Model;

/** What Kerf's own session computes in float32. */
final class KerfLogits {
  private KerfLogits() {}

  /** The logits (T, V) of a text; an encoder-decoder's decoder reads the same text. */
  static float[] of(Model model, int[] ids) {
    return TinyLogits.of(model, ids, ids);
  }
}
