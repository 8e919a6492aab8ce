package io.kerf.eval;

import io.kerf.model.Family;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A request as one model reads it: in tokens, and in parts where it reads a long text in windows.
 * Parts are what is computed, kept and counted as equal.
 *
 * @param parts at least one, each as a request that needs no tokenizer
 * @param droppedContextTokens cut off on the left to fit the model's window
 */
record RequestParts(List<Request> parts, int droppedContextTokens) {
  RequestParts {
    parts = List.copyOf(parts);
  }

  /** How that model reads requests. */
  static Function<Request, RequestParts> by(Model model) {
    Family.Kind kind = model.config().family().kind();
    if (kind == Family.Kind.MASKED) {
      return RequestParts::whole;
    }
    if (kind == Family.Kind.CAUSAL) {
      RequestEncoder encoder = RequestEncoder.of(model);
      return request ->
          isClozeAt(Place.After.class, request) ? whole(request) : parts(encoder.encode(request));
    }
    CrossEncoder encoder = new CrossEncoder(model);
    return request ->
        isClozeAt(Place.Decoded.class, request) ? whole(request) : parts(encoder.encode(request));
  }

  private static boolean isClozeAt(Class<? extends Place> kind, Request request) {
    return request instanceof Request.Cloze cloze && kind.isInstance(cloze.place());
  }

  private static RequestParts whole(Request request) {
    return new RequestParts(List.of(request), 0);
  }

  private static RequestParts parts(RequestEncoder.Encoded encoded) {
    List<Request> spans = new ArrayList<>();
    for (Span span : encoded.spans()) {
      spans.add(new Request.Continuation(span.context(), span.scored()));
    }
    return new RequestParts(spans, encoded.droppedContextTokens());
  }

  private static RequestParts parts(CrossEncoder.Encoded encoded) {
    return new RequestParts(List.of(encoded.decoding()), encoded.droppedContextTokens());
  }

  /** The request's answer of its parts' answers. */
  Answer joined(List<Answer> answers) {
    if (!(answers.get(0) instanceof Answer.Likelihood)) {
      return answers.get(0);
    }
    double sum = 0;
    int tokens = 0;
    boolean greedy = true;
    for (Answer answer : answers) {
      Answer.Likelihood part = (Answer.Likelihood) answer;
      sum += part.logLikelihood();
      tokens += part.tokens();
      greedy &= part.greedy();
    }
    return new Answer.Likelihood(sum, tokens, greedy, droppedContextTokens);
  }
}
