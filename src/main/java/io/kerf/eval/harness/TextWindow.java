package io.kerf.eval.harness;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Tokens;
import java.util.List;
import java.util.Map;

/**
 * A stretch of a tokenised text.
 *
 * @param given its first tokens, at least one
 * @param scored those after them
 */
record TextWindow(String id, Tokens given, Tokens scored) implements Document {
  @Override
  public List<Request> requests() {
    return List.of(new Request.Continuation(given, scored));
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    return new Scored(id, (Answer.Likelihood) answers.get(0));
  }

  private record Scored(String document, Answer.Likelihood answer) implements Outcome {
    @Override
    public Map<String, Double> values() {
      double tokens = answer.tokens();
      return Map.of(
          "meanLogLikelihood",
          answer.logLikelihood() / tokens,
          "logLikelihood",
          answer.logLikelihood(),
          "tokens",
          tokens);
    }
  }
}
