package io.kerf.eval;

/**
 * An answer and what it cost when it was computed.
 *
 * @param tokens its share of the tokens that its batch computed
 * @param nanos its share of the time that its batch took
 */
record Kept(Answer answer, double tokens, double nanos) {
  Kept {
    if (!(tokens >= 0 && nanos >= 0)) {
      throw new IllegalArgumentException(
          "an answer's share of tokens and time is at least 0, was " + tokens + " and " + nanos);
    }
  }
}
