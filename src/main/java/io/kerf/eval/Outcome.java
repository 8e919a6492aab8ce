package io.kerf.eval;

import java.util.Map;

/** What became of one document: immutable, with everything a later look at it may need. */
public interface Outcome {
  /** The document's id. */
  String document();

  /** What metrics are taken from, by name: "acc", "logLikelihood", "P@1". */
  Map<String, Double> values();

  /** The groups that scores are also given by: "relation" to "P19", "type" to "N-1". */
  default Map<String, String> groups() {
    return Map.of();
  }

  /**
   * What the model settles on and how sure it is, by the name of the metric that reads it so:
   * "acc", "acc_norm", "P@1". Empty where it does not choose.
   */
  default Map<String, Verdict> verdicts() {
    return Map.of();
  }

  /**
   * One of the values.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  default double value(String name) {
    Double value = values().get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "document " + document() + " has no '" + name + "', it has " + values().keySet());
    }
    return value;
  }
}
