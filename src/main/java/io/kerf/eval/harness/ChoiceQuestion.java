package io.kerf.eval.harness;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.eval.Request.LogLikelihood;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A question with choices of which one is right.
 *
 * @param id as its data names it, or its row
 * @param prompts a request for each choice; they may differ in context, continuation or both
 * @param choices the choices' text, whose lengths the normalised accuracies divide by
 * @param right index of the right choice
 * @param unconditional whether each choice is asked without its context too, for acc_mutual_info
 */
public record ChoiceQuestion(
    String id, List<LogLikelihood> prompts, List<String> choices, int right, boolean unconditional)
    implements Document {
  public ChoiceQuestion {
    prompts = List.copyOf(prompts);
    choices = List.copyOf(choices);
    if (prompts.size() != choices.size() || choices.isEmpty()) {
      throw new IllegalArgumentException(
          "question "
              + id
              + " has "
              + prompts.size()
              + " prompts for "
              + choices.size()
              + " choices");
    }
    if (right < 0 || right >= choices.size()) {
      throw new IllegalArgumentException(
          "question "
              + id
              + ": the right choice must be in [0, "
              + choices.size()
              + "), was "
              + right);
    }
  }

  /** One context before every choice, a space between them. */
  public static ChoiceQuestion of(String id, String context, List<String> choices, int right) {
    return new ChoiceQuestion(
        id,
        choices.stream().map(c -> new LogLikelihood(context, " " + c)).toList(),
        choices,
        right,
        false);
  }

  /** The same question, each choice asked without its context too. */
  public ChoiceQuestion withUnconditional() {
    return new ChoiceQuestion(id, prompts, choices, right, true);
  }

  @Override
  public List<Request> requests() {
    Stream<LogLikelihood> alone =
        unconditional
            ? prompts.stream().map(p -> new LogLikelihood("", p.continuation()))
            : Stream.empty();
    return Stream.concat(prompts.stream(), alone).map(Request.class::cast).toList();
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    List<Answer.Likelihood> likelihoods = new ArrayList<>();
    answers.forEach(a -> likelihoods.add((Answer.Likelihood) a));
    int n = choices.size();
    return new ChoiceOutcome(
        id, choices, right, likelihoods.subList(0, n), likelihoods.subList(n, likelihoods.size()));
  }
}
