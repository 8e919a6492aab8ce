package io.kerf.eval;

/**
 * Tokens to be scored after tokens that are given.
 *
 * @param context given, at least one
 * @param scored to be scored, at least one
 */
record Span(Tokens context, Tokens scored) {
  Span {
    if (context.isEmpty() || scored.isEmpty()) {
      throw new IllegalArgumentException(
          "a span needs context and tokens to score, has "
              + context.size()
              + " and "
              + scored.size());
    }
  }

  /** What the model reads: all but the last token, which is only ever predicted. */
  Tokens inputs() {
    return scored.size() == 1 ? context : context.then(scored.slice(0, scored.size() - 1));
  }

  /** The input after which the first scored token is predicted. */
  int firstScoredAfter() {
    return context.size() - 1;
  }
}
