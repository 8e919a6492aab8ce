package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.TokenTree;
import java.util.List;

/** Whatever scores tokens after token trees: {@code session::score}, or a stand-in. */
@FunctionalInterface
public interface TokenScorer {
  /** See {@link DecoderSession#score}. */
  DecoderSession.Scores score(List<TokenTree> batch, List<DecoderSession.Target> targets);
}
