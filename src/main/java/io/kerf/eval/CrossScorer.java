package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderDecoderSession.Input;
import io.kerf.engine.EncoderDecoderSession.Target;
import java.util.List;

/** Whatever predicts one text's tokens from the whole of another: a session, or a stand-in. */
public interface CrossScorer {
  /** What the decoder reads where these are its labels: see {@link EncoderDecoderSession}. */
  int[] decoderInput(int... labels);

  /** See {@link EncoderDecoderSession#scoreAll}. */
  DecoderSession.Scores score(List<Input> batch, List<Target> targets);

  /** See {@link EncoderDecoderSession#logits}. */
  float[][] logits(List<Input> batch);

  /** What a session says. */
  static CrossScorer of(EncoderDecoderSession session) {
    return new CrossScorer() {
      @Override
      public int[] decoderInput(int... labels) {
        return session.decoderInput(labels);
      }

      @Override
      public DecoderSession.Scores score(List<Input> batch, List<Target> targets) {
        return session.scoreAll(batch, targets);
      }

      @Override
      public float[][] logits(List<Input> batch) {
        return session.logits(batch);
      }
    };
  }
}
