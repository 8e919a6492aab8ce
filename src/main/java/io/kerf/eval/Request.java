package io.kerf.eval;

import java.util.Objects;

/** One question to a model. Equal requests are computed once. */
public sealed interface Request {
  /**
   * How likely a causal model holds a continuation after a context.
   *
   * @param context may be empty: then the continuation follows the model's beginning-of-sequence
   *     token
   * @param continuation not empty
   */
  record LogLikelihood(String context, String continuation) implements Request {
    public LogLikelihood {
      Objects.requireNonNull(context, "context");
      if (continuation.isEmpty()) {
        throw new IllegalArgumentException("the continuation of '" + context + "' is empty");
      }
    }
  }

  /** How likely a causal model holds a whole text, however long: every token is scored once. */
  record Rolling(String text) implements Request {
    public Rolling {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("a text to be scored must not be empty");
      }
    }
  }

  /** How likely a causal model holds these tokens after the first, which is given. */
  record Window(Tokens tokens) implements Request {
    public Window {
      if (tokens.size() < 2) {
        throw new IllegalArgumentException(
            "a window needs a token to start from and one to score, has " + tokens.size());
      }
    }
  }

  /**
   * What a masked model puts at one position.
   *
   * @param ids the sequence with its special tokens and the mask
   * @param segments as many as ids
   * @param position of the mask, in [0, T)
   * @param object the right token
   * @param alternatives other tokens that are right too
   * @param candidates the tokens that the object is ranked among
   */
  record Cloze(
      Tokens ids,
      Tokens segments,
      int position,
      int object,
      Tokens alternatives,
      Candidates candidates)
      implements Request {
    public Cloze {
      Objects.checkIndex(position, ids.size());
      if (segments.size() != ids.size()) {
        throw new IllegalArgumentException(
            ids.size() + " ids need as many segments, got " + segments.size());
      }
      Objects.requireNonNull(alternatives, "alternatives");
      Objects.requireNonNull(candidates, "candidates");
    }
  }
}
