package io.kerf.eval.lama;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The objects that are right for a fact's prompt: its own, and those of facts that ask the same.
 */
final class RightObjects {
  /** Facts with the same key have the same prompt, so that each one's object is right for all. */
  private record Key(Relation relation, String subject, List<String> sentences) {
    static Key of(Fact fact) {
      return new Key(
          fact.relation(), fact.relation().templated() ? fact.subject() : "", fact.sentences());
    }
  }

  private final Map<Key, Set<String>> objects = new HashMap<>();

  RightObjects(List<Fact> facts) {
    for (Fact fact : facts) {
      objects.computeIfAbsent(Key.of(fact), k -> new LinkedHashSet<>()).add(fact.object());
    }
  }

  /** All right objects, the fact's own among them. */
  Set<String> of(Fact fact) {
    return objects.get(Key.of(fact));
  }
}
