package io.kerf.engine;

import io.kerf.model.Family;
import io.kerf.model.Model;

/** What a tiny model computes in float32 for a few tokens, to compare bit for bit. */
public final class TinyLogits {
  private TinyLogits() {}

  /** Logits (T, V) of a dozen tokens. */
  public static float[] of(Model model) {
    int[] ids = new int[12];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (7 + 31 * i) % model.config().vocabulary();
    }
    if (model.config().family().kind() == Family.Kind.ENCODER_DECODER) {
      try (var session = EncoderDecoderSession.open(model, WeightFormat.FLOAT32)) {
        return session.trace(ids, session.decoderInput(ids)).decoder().logits();
      }
    }
    return of(model, ids, ids);
  }

  /**
   * The logits (T, V) of a text.
   *
   * @param decoded what an encoder-decoder's decoder reads; others read no such thing
   */
  public static float[] of(Model model, int[] ids, int[] decoded) {
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
          yield session.trace(ids, decoded).decoder().logits();
        }
      }
    };
  }
}
