package io.kerf.eval.lama;

import io.kerf.eval.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model makes of one fact asked in several ways.
 *
 * @param document the fact's id
 * @param said the answer to each paraphrase, at least two
 */
public record ParaphraseOutcome(
    String document, Relation relation, String subject, String object, List<Said> said)
    implements Outcome {
  /** The names of the values, the headline first. */
  static final List<String> VALUES = List.of("consistency", "consistent P@1", "P@1");

  public ParaphraseOutcome {
    said = List.copyOf(said);
    if (said.size() < 2) {
      throw new IllegalArgumentException(
          "consistency needs answers to two paraphrases, fact " + document + " has " + said.size());
    }
  }

  /**
   * An answer.
   *
   * @param pattern the paraphrase, {@code [X]} for the subject and {@code [Y]} for the object
   * @param token the likeliest of the relation's objects, as the vocabulary spells it
   * @param right whether it is right
   */
  public record Said(String pattern, String token, boolean right) {}

  /** The share of pairs of paraphrases with the same answer. */
  public double consistency() {
    int same = 0;
    for (int i = 0; i < said.size(); i++) {
      for (int j = 0; j < i; j++) {
        same += said.get(i).token().equals(said.get(j).token()) ? 1 : 0;
      }
    }
    return 2.0 * same / (said.size() * (said.size() - 1));
  }

  @Override
  public Map<String, Double> values() {
    double right = said.stream().filter(Said::right).count();
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(VALUES.get(0), consistency());
    values.put(VALUES.get(1), right == said.size() ? 1.0 : 0.0);
    values.put(VALUES.get(2), right / said.size());
    return values;
  }

  @Override
  public Map<String, String> groups() {
    return relation.groups();
  }

  /**
   * The share of facts that each paraphrase gets right, by relation and pattern.
   *
   * @param outcomes of {@link ParaphraseTask}; others are passed over
   */
  public static Map<String, Map<String, Double>> accuracyByPattern(
      List<? extends Outcome> outcomes) {
    Map<String, Map<String, int[]>> counts = new LinkedHashMap<>(); // right, all
    for (Outcome outcome : outcomes) {
      if (outcome instanceof ParaphraseOutcome fact) {
        var patterns = counts.computeIfAbsent(fact.relation().name(), r -> new LinkedHashMap<>());
        for (Said said : fact.said()) {
          int[] count = patterns.computeIfAbsent(said.pattern(), p -> new int[2]);
          count[0] += said.right() ? 1 : 0;
          count[1]++;
        }
      }
    }
    Map<String, Map<String, Double>> shares = new LinkedHashMap<>();
    counts.forEach(
        (relation, patterns) -> {
          Map<String, Double> own = new LinkedHashMap<>();
          patterns.forEach((pattern, n) -> own.put(pattern, (double) n[0] / n[1]));
          shares.put(relation, own);
        });
    return shares;
  }
}
