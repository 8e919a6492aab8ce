package io.kerf.eval.lama;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The most frequent object of each relation among some facts; among equals the first. */
final class Majority {
  private final Map<Relation, Map<String, Integer>> counts = new LinkedHashMap<>();

  Majority(List<Fact> facts) {
    for (Fact fact : facts) {
      counts
          .computeIfAbsent(fact.relation(), r -> new LinkedHashMap<>())
          .merge(fact.object(), 1, Integer::sum);
    }
  }

  /** What is always said of that relation. */
  String of(Relation relation) {
    String most = "";
    int times = 0;
    for (var count : counts.getOrDefault(relation, Map.of()).entrySet()) {
      if (count.getValue() > times) {
        most = count.getKey();
        times = count.getValue();
      }
    }
    return most;
  }
}
