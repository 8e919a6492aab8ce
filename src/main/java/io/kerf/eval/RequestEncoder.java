package io.kerf.eval;

import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns requests into the tokens that a causal model reads and is scored on, by the rules of
 * lm-evaluation-harness 0.4.13, so that scores compare with published ones.
 */
final class RequestEncoder {
  private final Tokenizer tokenizer;
  private final int window;
  private final int prefixToken;

  /**
   * @param window the most tokens the model reads at once
   * @param prefixToken what stands before a text without context
   */
  RequestEncoder(Tokenizer tokenizer, int window, int prefixToken) {
    this.tokenizer = tokenizer;
    this.window = window;
    this.prefixToken = prefixToken;
  }

  /** The rules for a causal model. */
  static RequestEncoder of(Model model) {
    return new RequestEncoder(model.tokenizer(), model.config().maxPositions(), prefixToken(model));
  }

  /** What stands before a text without context: the beginning-of-sequence token, else the end. */
  static int prefixToken(Model model) {
    int bos = model.tokenizer().bosId().orElse(model.config().special().bos());
    int prefix = bos >= 0 ? bos : model.tokenizer().eosId().orElse(model.config().special().eos());
    if (prefix < 0) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " names neither a beginning- nor an end-of-sequence token, and one of them has to"
              + " stand before a text without context");
    }
    return prefix;
  }

  /**
   * An encoded request.
   *
   * @param spans scored one by one; the request's likelihood is their product
   * @param droppedContextTokens cut off on the left to fit the window
   */
  record Encoded(List<Span> spans, int droppedContextTokens) {
    int scoredTokens() {
      return spans.stream().mapToInt(s -> s.scored().size()).sum();
    }
  }

  Encoded encode(Request request) {
    if (request instanceof Request.LogLikelihood pair) {
      return fit(pair(pair.context(), pair.continuation()));
    }
    if (request instanceof Request.Rolling rolling) {
      return new Encoded(rolling(Tokens.of(tokenizer.encode(rolling.text(), true))), 0);
    }
    if (request instanceof Request.Continuation continuation) {
      return fit(new Span(continuation.given(), continuation.scored()));
    }
    throw new IllegalArgumentException("a causal model has no answer to " + request);
  }

  private Span pair(String context, String continuation) {
    if (context.isEmpty()) {
      Tokens scored = Tokens.of(tokenizer.encode(continuation, false));
      // A continuation that begins with the prefix token itself is not given it twice.
      return scored.size() > 1 && scored.at(0) == prefixToken
          ? new Span(scored.slice(0, 1), scored.from(1))
          : new Span(Tokens.of(prefixToken), scored);
    }
    int end = Whitespace.trailing(context);
    Tokens given = Tokens.of(tokenizer.encode(context.substring(0, end), true));
    Tokens whole = Tokens.of(tokenizer.encode(context + continuation, true));
    if (whole.size() <= given.size()) {
      throw new IllegalArgumentException(
          "no token is left to score: the continuation '"
              + continuation
              + "' melts into its context '"
              + context
              + "'");
    }
    Tokens scored = whole.from(given.size());
    return new Span(given.isEmpty() ? Tokens.of(prefixToken) : given, scored);
  }

  /** Cuts the context on the left to the window, whose last token is predicted only. */
  private Encoded fit(Span span) {
    int tooMany = span.context().size() + span.scored().size() - (window + 1);
    if (tooMany <= 0) {
      return new Encoded(List.of(span), 0);
    }
    if (tooMany >= span.context().size()) {
      throw new IllegalArgumentException(
          "a continuation of "
              + span.scored().size()
              + " tokens is longer than the model's window of "
              + window
              + "; score it as rolling text");
    }
    return new Encoded(List.of(new Span(span.context().from(tooMany), span.scored())), tooMany);
  }

  /**
   * Windows that score every token once: the first begins after the prefix token, the last reaches
   * back as far as the window allows.
   */
  private List<Span> rolling(Tokens tokens) {
    List<Span> spans = new ArrayList<>();
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("a text to be scored has no tokens");
    }
    int first = Math.min(window, tokens.size());
    spans.add(new Span(Tokens.of(prefixToken), tokens.slice(0, first)));
    for (int from = first; from < tokens.size(); from += window) {
      int to = Math.min(from + window, tokens.size());
      spans.add(new Span(tokens.slice(to - window - 1, from), tokens.slice(from, to)));
    }
    return spans;
  }
}
