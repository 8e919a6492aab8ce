package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.Prefix;
import io.kerf.engine.TokenTree;
import java.util.List;

/**
 * What a session says after a prefix.
 *
 * @param prefix null for trees that begin by themselves
 */
record SessionScorer(DecoderSession session, Prefix prefix) implements PrefixScorer.Continued {
  @Override
  public DecoderSession.Scores score(List<TokenTree> batch, List<DecoderSession.Target> targets) {
    return prefix == null ? session.score(batch, targets) : session.score(prefix, batch, targets);
  }

  @Override
  public float[][] logits(List<TokenTree> batch, List<DecoderSession.Node> nodes) {
    return prefix == null ? session.logits(batch, nodes) : session.logits(prefix, batch, nodes);
  }

  @Override
  public PrefixScorer.Continued after(Tokens tokens) {
    int[] ids = tokens.toArray();
    return new SessionScorer(
        session, prefix == null ? session.prefix(ids) : session.prefix(prefix, ids));
  }

  @Override
  public void close() {
    if (prefix != null) {
      prefix.close();
    }
  }
}
