package io.kerf.eval.harness;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Whitespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A text that is scored as a whole, every token once.
 *
 * @param id as its data names it, or its row
 * @param text what the model reads
 * @param counted the text whose words and bytes the score is divided by; usually the same
 */
public record Page(String id, String text, String counted) implements Document {
  /** A text counted as it is read. */
  public static Page of(String id, String text) {
    return new Page(id, text, text);
  }

  @Override
  public List<Request> requests() {
    return List.of(new Request.Rolling(text));
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    return new Scored(
        id,
        (Answer.Likelihood) answers.get(0),
        Whitespace.pieces(counted),
        counted.getBytes(StandardCharsets.UTF_8).length);
  }

  /** What became of it. */
  public record Scored(String document, Answer.Likelihood answer, int words, int bytes)
      implements Outcome {
    @Override
    public Map<String, Double> values() {
      return Map.of(
          "logLikelihood",
          answer.logLikelihood(),
          "words",
          (double) words,
          "bytes",
          (double) bytes);
    }
  }
}
