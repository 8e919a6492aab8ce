package io.kerf.eval.lama;

import io.kerf.eval.Answer;
import io.kerf.eval.Outcome;
import io.kerf.eval.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model makes of one fact.
 *
 * @param document the fact's id
 * @param prompt the sentence with the mask
 * @param position of the mask among the prompt's tokens
 * @param objectId the object's token
 * @param logProbability of the object over the whole vocabulary, natural log
 * @param rank of the object, by which the fact is scored
 * @param rankInVocabulary of the object among all tokens
 * @param said the candidate that the model holds most likely
 * @param saidLogProbability its own, over the whole vocabulary, natural log
 * @param top the ten most likely tokens of the whole vocabulary
 */
public record FactOutcome(
    String document,
    Relation relation,
    String subject,
    String object,
    String prompt,
    int position,
    int objectId,
    double logProbability,
    int rank,
    int rankInVocabulary,
    String said,
    double saidLogProbability,
    List<Guess> top)
    implements Outcome {
  /** The k of which P@k is given. */
  static final int[] DEPTHS = {1, 5, 10, 20};

  private static final int LAST_RANK = 10_000; // LAMA looks no further, 1/rank is 0 from there on

  public FactOutcome {
    top = List.copyOf(top);
  }

  /** A token as its vocabulary spells it and its log-probability, natural log. */
  public record Guess(String token, double logProbability) {}

  /** The token ids and probabilities of an answer, spelled out. */
  static List<Guess> spell(
      List<Answer.Guess> guesses, java.util.function.IntFunction<String> token) {
    return guesses.stream()
        .map(g -> new Guess(token.apply(g.token()), g.logProbability()))
        .toList();
  }

  /** Whether the object is the model's first choice. */
  public boolean known() {
    return rank == 1;
  }

  @Override
  public Map<String, Double> values() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int k : DEPTHS) {
      values.put("P@" + k, rank <= k ? 1.0 : 0.0);
    }
    values.put("MRR", rank <= LAST_RANK ? 1.0 / rank : 0.0);
    values.put("logProbability", logProbability);
    return values;
  }

  /** Its first choice under P@1; sure of it is whoever leaves little to all other tokens. */
  @Override
  public Map<String, Verdict> verdicts() {
    double probability = Math.min(1, Math.exp(saidLogProbability)); // rounding may go beyond 1
    return Map.of("P@1", new Verdict(said, probability, known()));
  }

  @Override
  public Map<String, String> groups() {
    return relation.type().isEmpty()
        ? Map.of("relation", relation.name())
        : Map.of("relation", relation.name(), "type", relation.type());
  }
}
