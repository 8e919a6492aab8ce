package io.kerf.onnx;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;

/** What Kerf's own session computes in float32. */
final class KerfLogits {
  private KerfLogits() {}

  /** The logits (T, V) of a text; an encoder-decoder's decoder reads the same text. */
  static float[] of(Model model, int[] ids) {
    return switch (model.config().family().kind()) {
      case MASKED -> {
        try (var session = EncoderSession.open(model, WeightFormat.FLOAT32)) {
          yield session.trace(ids, new int[ids.length]).logits();
        }
      }
      case CAUSAL -> {
        try (var session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
          yield session.trace(ids).logits();
        }
      }
      case ENCODER_DECODER -> {
        try (var session = EncoderDecoderSession.open(model, WeightFormat.FLOAT32)) {
          yield session.trace(ids, ids).decoder().logits();
        }
      }
    };
  }
}
