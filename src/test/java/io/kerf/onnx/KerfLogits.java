package io.kerf.onnx;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Family;
import io.kerf.model.Model;

/** What Kerf's own session computes. */
final class KerfLogits {
  private KerfLogits() {}

  /** The logits (T, V) of a text in float32. */
  static float[] of(Model model, int[] ids) {
    if (model.config().family().kind() == Family.Kind.MASKED) {
      try (EncoderSession session = EncoderSession.open(model, WeightFormat.FLOAT32)) {
        return session.trace(ids, new int[ids.length]).logits();
      }
    }
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      return session.trace(ids).logits();
    }
  }
}
