package io.kerf.eval;

import java.util.Objects;

/** One question to a model. Equal requests are computed once. */
public sealed interface Request {
  /**
   * How likely a causal model or an encoder-decoder holds a continuation after a context.
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

  /**
   * How likely a causal model holds tokens after tokens.
   *
   * @param given at least one
   * @param scored at least one
   */
  record Continuation(Tokens given, Tokens scored) implements Request {
    public Continuation {
      if (given.isEmpty() || scored.isEmpty()) {
        throw new IllegalArgumentException(
            "a continuation needs a token to start from and one to score, has "
                + given.size()
                + " and "
                + scored.size());
      }
    }
  }

  /**
   * How likely an encoder-decoder writes tokens.
   *
   * @param context what the encoder reads, at least one
   * @param given what the decoder has written after its start token; may be empty
   * @param scored what it is to write then, at least one
   */
  record Decoding(Tokens context, Tokens given, Tokens scored) implements Request {
    public Decoding {
      Objects.requireNonNull(given, "given");
      if (context.isEmpty() || scored.isEmpty()) {
        throw new IllegalArgumentException(
            "a decoding needs a token to encode and one to score, has "
                + context.size()
                + " and "
                + scored.size());
      }
    }
  }

  /**
   * What a model puts at one place.
   *
   * @param object the right token
   * @param alternatives other tokens that are right too
   * @param candidates the tokens that the object is ranked among
   */
  record Cloze(Place place, int object, Tokens alternatives, Candidates candidates)
      implements Request {
    public Cloze {
      Objects.requireNonNull(place, "place");
      Objects.requireNonNull(alternatives, "alternatives");
      Objects.requireNonNull(candidates, "candidates");
    }
  }
}
