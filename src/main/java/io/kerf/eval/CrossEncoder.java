package io.kerf.eval;

import io.kerf.model.Model;
import io.kerf.text.Tokenizer;

/**
 * Turns requests into what an encoder-decoder reads and writes, by the rules of
 * lm-evaluation-harness 0.4.13: context and continuation are encoded apart, the context with its
 * special tokens.
 */
final class CrossEncoder {
  private final String name;
  private final Tokenizer tokenizer;
  private final int window;
  private final int prefixToken;

  CrossEncoder(Model model) {
    this.name = model.lineage().name();
    this.tokenizer = model.tokenizer();
    this.window = model.config().maxPositions();
    this.prefixToken = RequestEncoder.prefixToken(model);
  }

  /**
   * An encoded request.
   *
   * @param droppedContextTokens cut off on the left to fit the window
   */
  record Encoded(Request.Decoding decoding, int droppedContextTokens) {}

  Encoded encode(Request request) {
    if (request instanceof Request.LogLikelihood pair) {
      return fit(pair(pair.context(), pair.continuation()));
    }
    if (request instanceof Request.Decoding decoding) {
      return fit(decoding);
    }
    if (request instanceof Request.Rolling) {
      throw new IllegalArgumentException(
          name
              + " is an encoder-decoder model, which has no likelihood of a whole text: ask it for"
              + " continuations of a context");
    }
    throw new IllegalArgumentException("an encoder-decoder model has no answer to " + request);
  }

  private Request.Decoding pair(String context, String continuation) {
    if (context.isEmpty()) {
      Tokens scored = Tokens.of(tokenizer.encode(continuation, false));
      return scored.size() > 1 && scored.at(0) == prefixToken
          ? new Request.Decoding(scored.slice(0, 1), Tokens.NONE, scored.from(1))
          : new Request.Decoding(Tokens.of(prefixToken), Tokens.NONE, scored);
    }
    int end = Whitespace.trailing(context);
    Tokens given = Tokens.of(tokenizer.encode(context.substring(0, end), true));
    Tokens scored = Tokens.of(tokenizer.encode(context.substring(end) + continuation, false));
    return new Request.Decoding(given, Tokens.NONE, scored);
  }

  /** Cuts the context on the left to the window. */
  private Encoded fit(Request.Decoding decoding) {
    int written = decoding.given().size() + decoding.scored().size();
    if (written > window) {
      throw new IllegalArgumentException(
          "a continuation of "
              + written
              + " tokens is longer than the model's window of "
              + window);
    }
    int tooMany = Math.max(0, decoding.context().size() - window);
    return new Encoded(
        new Request.Decoding(decoding.context().from(tooMany), decoding.given(), decoding.scored()),
        tooMany);
  }
}
