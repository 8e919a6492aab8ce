package io.kerf.eval.harness;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Tokens;
import java.util.List;
import java.util.Map;

/** A stretch of a tokenised text: its first token is given, the others are scored. */
record TextWindow(String id, Tokens tokens) implements Document {
  @Override
  public List<Request> requests() {
    return List.of(new Request.Continuation(tokens.slice(0, 1), tokens.from(1)));
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    return new Scored(id, (Answer.Likelihood) answers.get(0));
  }

  private record Scored(String document, Answer.Likelihood answer) implements Outcome {
    @Override
    public Map<String, Double> values() {
      return Map.of("meanLogLikelihood", answer.logLikelihood() / answer.tokens());
    }
  }
}
