package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.TokenTree;
import java.util.List;

/** Whatever predicts tokens after nodes of token trees: a session, or a stand-in. */
public interface TokenScorer {
  /** See {@link DecoderSession#score}. */
  DecoderSession.Scores score(List<TokenTree> batch, List<DecoderSession.Target> targets);

  /** See {@link DecoderSession#logits(List, List)}. */
  float[][] logits(List<TokenTree> batch, List<DecoderSession.Node> nodes);

  /** What a session says. */
  static PrefixScorer of(DecoderSession session) {
    return new SessionScorer(session, null);
  }
}
