package io.kerf.eval.harness;

import io.kerf.eval.Answer.Likelihood;
import io.kerf.eval.Outcome;
import io.kerf.eval.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    scores().forEach((metric, score) -> values.put(metric, best(score) == right ? 1.0 : 0.0));
    values.put("brier_score", brierScore());
    return values;
  }

  /** The chosen one under each metric; its probability is the softmax of the choices' scores. */
  @Override
  public Map<String, Verdict> verdicts() {
    Map<String, Verdict> verdicts = new LinkedHashMap<>();
    scores()
        .forEach(
            (metric, score) -> {
              int best = best(score);
              double probability = probabilities(score)[best];
              verdicts.put(metric, new Verdict(String.valueOf(best), probability, best == right));
            });
    return verdicts;
  }

  /** By what each metric compares the choices. */
  private Map<String, IntToDoubleFunction> scores() {
    Map<String, IntToDoubleFunction> scores = new LinkedHashMap<>();
    scores.put("acc", this::logLikelihood);
    scores.put("acc_norm", i -> logLikelihood(i) / characters(choices.get(i)));
    scores.put("acc_bytes", i -> logLikelihood(i) / bytes(choices.get(i)));
    if (!alone.isEmpty()) {
      scores.put("acc_mutual_info", i -> logLikelihood(i) - alone.get(i).logLikelihood());
    }
    return scores;
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

  /** Softmax. */
  private double[] probabilities(IntToDoubleFunction score) {
    double top = score.applyAsDouble(best(score));
    double[] shares = new double[choices.size()];
    Arrays.setAll(shares, i -> Math.exp(score.applyAsDouble(i) - top));
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  private double brierScore() {
    double[] probabilities = probabilities(this::logLikelihood);
    double score = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double miss = probabilities[i] - (i == right ? 1 : 0);
      score += miss * miss;
    }
    return score;
  }
}
