package io.kerf.eval.harness;

import io.kerf.eval.Answer;
import io.kerf.eval.Answer.Likelihood;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Request.LogLikelihood;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;

/**
 * A question with choices of which several may be right.
 *
 * @param right indices of the right choices
 * @param mass whether acc is the right choices' share of the probability of all (TruthfulQA's mc2)
 *     instead of whether the likeliest is right
 */
public record TruthsQuestion(
    String id, List<LogLikelihood> prompts, List<String> choices, Set<Integer> right, boolean mass)
    implements Document {
  public TruthsQuestion {
    prompts = List.copyOf(prompts);
    choices = List.copyOf(choices);
    right = Set.copyOf(new TreeSet<>(right));
  }

  @Override
  public List<Request> requests() {
    return List.copyOf(prompts);
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    List<Likelihood> likelihoods = new ArrayList<>();
    answers.forEach(answer -> likelihoods.add((Likelihood) answer));
    return new Judged(id, choices, right, mass, likelihoods);
  }

  /** What a model makes of it. */
  public record Judged(
      String document,
      List<String> choices,
      Set<Integer> right,
      boolean mass,
      List<Likelihood> answers)
      implements Outcome {
    public Judged {
      answers = List.copyOf(answers);
    }

    @Override
    public Map<String, Double> values() {
      Map<String, Double> values = new LinkedHashMap<>();
      if (mass) {
        values.put("acc", share());
        return values;
      }
      values.put("acc", hit(this::logLikelihood));
      values.put("acc_norm", hit(i -> logLikelihood(i) / characters(i)));
      values.put("acc_bytes", hit(i -> logLikelihood(i) / bytes(i)));
      return values;
    }

    private double logLikelihood(int choice) {
      return answers.get(choice).logLikelihood();
    }

    private double characters(int choice) {
      return choices.get(choice).codePointCount(0, choices.get(choice).length());
    }

    private double bytes(int choice) {
      return choices.get(choice).getBytes(StandardCharsets.UTF_8).length;
    }

    private double hit(IntToDoubleFunction score) {
      int best = 0;
      for (int i = 1; i < choices.size(); i++) {
        best = score.applyAsDouble(i) > score.applyAsDouble(best) ? i : best;
      }
      return right.contains(best) ? 1 : 0;
    }

    private double share() {
      double top = answers.stream().mapToDouble(Likelihood::logLikelihood).max().orElse(0);
      double all = 0;
      double truths = 0;
      for (int i = 0; i < choices.size(); i++) {
        double probability = Math.exp(logLikelihood(i) - top); // relative, so that none vanishes
        all += probability;
        truths += right.contains(i) ? probability : 0;
      }
      return truths / all;
    }
  }
}
