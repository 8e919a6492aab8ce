package io.kerf.eval.lama;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A fact with every object that it could have, each of which is scored.
 *
 * @param candidates the objects, the fact's own among them
 * @param asked how each of them is scored
 * @param otherRight objects that are right too and do not push the fact's own down
 */
record ObjectsDocument(
    Fact fact,
    String prompt,
    int position,
    List<String> candidates,
    List<Scored> asked,
    Set<String> otherRight,
    Normalisation normalisation,
    boolean majority)
    implements Document {
  private static final int TOP = 10;

  static ObjectsDocument of(
      Fact fact,
      Prompts.Blank blank,
      List<String> candidates,
      Set<String> otherRight,
      Ranking.ByObject ranking,
      boolean majority) {
    List<Scored> asked =
        candidates.stream()
            .map(c -> ranking.filled() ? blank.filled(c) : blank.spelled(c))
            .toList();
    return new ObjectsDocument(
        fact,
        blank.text(),
        blank.place().position(),
        candidates,
        asked,
        otherRight,
        ranking.normalisation(),
        majority);
  }

  @Override
  public String id() {
    return fact.id();
  }

  @Override
  public List<Request> requests() {
    List<Request> all = new ArrayList<>();
    asked.forEach(scored -> all.addAll(scored.requests()));
    return all;
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    double[] scores = scores(answers);
    double own = scores[candidates.indexOf(fact.object())];
    int rank = 1;
    for (int i = 0; i < scores.length; i++) {
      rank += scores[i] > own && !otherRight.contains(candidates.get(i)) ? 1 : 0;
    }
    List<FactOutcome.Guess> best =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i])) // stable: the corpus's order
            .limit(TOP)
            .map(i -> new FactOutcome.Guess(candidates.get(i), scores[i]))
            .toList();
    return new FactOutcome(
        fact.id(),
        fact.relation(),
        fact.subject(),
        fact.object(),
        prompt,
        position,
        -1,
        own,
        rank,
        0,
        best.get(0).token(),
        best.get(0).logProbability() - logSumExp(scores),
        best,
        majority,
        candidates.size());
  }

  private static double logSumExp(double[] scores) {
    double max = Arrays.stream(scores).max().orElseThrow();
    return max + Math.log(Arrays.stream(scores).map(score -> Math.exp(score - max)).sum());
  }

  private double[] scores(List<Answer> answers) {
    double[] scores = new double[candidates.size()];
    int next = 0;
    for (int i = 0; i < scores.length; i++) {
      Scored scored = asked.get(i);
      double logLikelihood = 0;
      for (int r = 0; r < scored.requests().size(); r++) {
        logLikelihood += Scored.logLikelihood(answers.get(next++));
      }
      scores[i] = normalisation.of(logLikelihood, scored.tokens(), scored.bytes());
    }
    return scores;
  }
}
