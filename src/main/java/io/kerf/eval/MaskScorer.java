package io.kerf.eval;

import io.kerf.engine.EncoderSession;
import java.util.List;

/** Whatever gives logits at masked positions: {@code session::logits}, or a stand-in. */
@FunctionalInterface
public interface MaskScorer {
  /** See {@link EncoderSession#logits}. */
  float[][] logits(List<EncoderSession.Input> batch);
}
