package io.kerf.eval.harness;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import java.util.List;
import java.util.Map;

/**
 * A text whose last word is to be predicted (LAMBADA, arXiv 1606.06031).
 *
 * @param id as its data names it, or its row
 */
public record LastWord(String id, Request.LogLikelihood request) implements Document {
  /** A context and the word after it, a space between them. */
  public static LastWord of(String id, String context, String word) {
    return new LastWord(id, new Request.LogLikelihood(context, " " + word));
  }

  @Override
  public List<Request> requests() {
    return List.of(request);
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    return new Said(id, (Answer.Likelihood) answers.get(0));
  }

  /** What became of it: "acc" is 1 where every token of the word is the model's first choice. */
  public record Said(String document, Answer.Likelihood answer) implements Outcome {
    @Override
    public Map<String, Double> values() {
      return Map.of("logLikelihood", answer.logLikelihood(), "acc", answer.greedy() ? 1.0 : 0.0);
    }
  }
}
