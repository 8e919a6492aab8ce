package io.kerf.eval.lama;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A part of the facts, by a rule that asks no more than what they say. */
interface FactFilter {
  /** What a task's name gets from it: "hard". */
  String name();

  /** What scores depend on by it. */
  Map<String, String> settings();

  /** By which rule a fact is left out, if it is. */
  Optional<String> reasonToDrop(Fact fact);

  /** Whether the object stands within the subject's name, in whatever case ("Apple Watch"). */
  static boolean inSubject(Fact fact) {
    return fact.subject().toLowerCase(Locale.ROOT).contains(fact.object().toLowerCase(Locale.ROOT));
  }

  /** Facts whose object does not stand within their subject's name. */
  FactFilter HARD =
      new BySubject("hard", "the object is not within the subject", false, "object_in_subject");

  /** Facts whose object stands within their subject's name. */
  FactFilter EASY =
      new BySubject("easy", "the object is within the subject", true, "object_not_in_subject");

  /** By whether the object stands within the subject's name. */
  record BySubject(String name, String rule, boolean within, String reason) implements FactFilter {
    @Override
    public Map<String, String> settings() {
      return Map.of(name, rule);
    }

    @Override
    public Optional<String> reasonToDrop(Fact fact) {
      return inSubject(fact) == within ? Optional.empty() : Optional.of(reason);
    }
  }
}
