package io.kerf.eval.lama;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** For each relation of a corpus the objects that its facts have, each once. */
final class CandidateObjects {
  private final Map<Relation, Set<String>> objects = new LinkedHashMap<>();

  CandidateObjects(List<Fact> facts) {
    for (Fact fact : facts) {
      objects.computeIfAbsent(fact.relation(), r -> new LinkedHashSet<>()).add(fact.object());
    }
  }

  /** A relation's objects that the vocabulary can spell, in the corpus's order. */
  List<String> of(Relation relation, Words words) {
    List<String> spelled = new ArrayList<>(objects.getOrDefault(relation, Set.of()));
    spelled.removeIf(object -> !words.spells(object));
    return spelled;
  }

  /** "the 7 to 213 distinct objects of each relation". */
  String words() {
    int least = objects.values().stream().mapToInt(Set::size).min().orElse(0);
    int most = objects.values().stream().mapToInt(Set::size).max().orElse(0);
    return "the "
        + (least == most ? most : least + " to " + most)
        + " distinct objects of each relation";
  }
}
