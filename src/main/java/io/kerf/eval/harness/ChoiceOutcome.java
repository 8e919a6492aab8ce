package io.kerf.eval.harness;

import io.kerf.eval.Answer.Likelihood;
import io.kerf.eval.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * What a model makes of a question.
 *
 * @param document the question's id
 * @param right index of the right choice
 * @param answers the likelihood of each choice after its context
 * @param alone the likelihood of each choice without it; empty where that was not asked
 */
public record ChoiceOutcome(
    String document,
    List<String> choices,
    int right,
    List<Likelihood> answers,
    List<Likelihood> alone)
    implements Outcome {
  public ChoiceOutcome {
    choices = List.copyOf(choices);
    answers = List.copyOf(answers);
    alone = List.copyOf(alone);
  }

  /** The index of the choice that is likeliest as a whole. */
  public int chosen() {
    return best(this::logLikelihood);
  }

  /**
   * The harness's values: acc takes the likeliest choice, acc_norm divides log-likelihoods by
   * characters (Unicode code points), acc_bytes by UTF-8 bytes, acc_mutual_info subtracts what the
   * choice has without its context; brier_score is the squared distance between the choices'
   * normalised probabilities and the truth.
   */
  @Override
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("acc", hit(this::logLikelihood));
    values.put("acc_norm", hit(i -> logLikelihood(i) / characters(choices.get(i))));
    values.put("acc_bytes", hit(i -> logLikelihood(i) / bytes(choices.get(i))));
    if (!alone.isEmpty()) {
      values.put("acc_mutual_info", hit(i -> logLikelihood(i) - alone.get(i).logLikelihood()));
    }
    values.put("brier_score", brierScore());
    return values;
  }

  private double logLikelihood(int choice) {
    return answers.get(choice).logLikelihood();
  }

  private static double characters(String text) {
    return text.codePointCount(0, text.length());
  }

  private static double bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private double hit(IntToDoubleFunction score) {
    return best(score) == right ? 1 : 0;
  }

  /** The first choice of highest score. */
  private int best(IntToDoubleFunction score) {
    int best = 0;
    for (int i = 1; i < choices.size(); i++) {
      if (score.applyAsDouble(i) > score.applyAsDouble(best)) {
        best = i;
      }
    }
    return best;
  }

  private double brierScore() {
    double top = logLikelihood(chosen());
    double sum = 0;
    for (int i = 0; i < choices.size(); i++) {
      sum += Math.exp(logLikelihood(i) - top);
    }
    double score = 0;
    for (int i = 0; i < choices.size(); i++) {
      double miss = Math.exp(logLikelihood(i) - top) / sum - (i == right ? 1 : 0);
      score += miss * miss;
    }
    return score;
  }
}
