package io.kerf;

import io.kerf.eval.Outcome;
import io.kerf.eval.Paired;
import io.kerf.eval.TaskResult;
import io.kerf.eval.harness.ChoiceOutcome;
import io.kerf.eval.lama.FactOutcome;
import io.kerf.name.Names;
import io.kerf.report.LedgerRow;
import io.kerf.report.QuestionRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Two variants' outcomes of the same documents of a task, side by side.
 *
 * @param task whose documents they are
 * @param before by document
 * @param after in the same order
 */
record Pairs(String task, List<Outcome> before, List<Outcome> after) {
  /** How an outcome is found again in another's result. */
  private record Key(String document, String relation, String fact, int again) {
    static Key of(Outcome outcome, int again) {
      return new Key(
          outcome.document(),
          outcome.groups().getOrDefault("relation", ""),
          outcome instanceof FactOutcome fact ? fact.subject() + "\n" + fact.object() : "",
          again);
    }

    @Override
    public String toString() {
      return "'" + document + "'" + (relation.isEmpty() ? "" : " of " + relation);
    }
  }

  /**
   * Matches by document and relation.
   *
   * @param first the label of the one before, for errors
   * @throws IllegalArgumentException if one of them is not complete, or the documents differ
   */
  static Pairs of(String first, TaskResult before, String second, TaskResult after) {
    requireComplete(first, before);
    requireComplete(second, after);
    Map<Key, Outcome> one = byKey(before.outcomes());
    Map<Key, Outcome> other = byKey(after.outcomes());
    requireAll(before.task(), first, one, second, other);
    requireAll(before.task(), second, other, first, one);
    List<Outcome> matched = one.keySet().stream().map(other::get).toList();
    return new Pairs(before.task(), List.copyOf(one.values()), matched);
  }

  private static void requireComplete(String label, TaskResult result) {
    if (!result.complete()) {
      throw new IllegalArgumentException(
          ("'%s' answered only %d of %d documents of %s before it was stopped; run the evaluation"
                  + " again to compare it")
              .formatted(label, result.outcomes().size(), result.documents(), result.task()));
    }
  }

  private static Map<Key, Outcome> byKey(List<Outcome> outcomes) {
    Map<Key, Outcome> byKey = new LinkedHashMap<>();
    Map<Key, Integer> seen = new HashMap<>();
    for (Outcome outcome : outcomes) {
      int again = seen.merge(Key.of(outcome, 0), 1, Integer::sum) - 1; // data may use an id twice
      byKey.put(Key.of(outcome, again), outcome);
    }
    return byKey;
  }

  private static void requireAll(
      String task, String first, Map<Key, ?> one, String second, Map<Key, ?> other) {
    Set<Key> missing = new LinkedHashSet<>(one.keySet());
    missing.removeAll(other.keySet());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          ("'%s' and '%s' were not asked the same documents of %s: %s%s was asked of '%s' only;"
                  + " compare models by documents that both are asked")
              .formatted(
                  first,
                  second,
                  task,
                  missing.iterator().next(),
                  missing.size() == 1 ? "" : " (and " + (missing.size() - 1) + " more)",
                  first));
    }
  }

  /** Whether they are facts of LAMA's. */
  static boolean ofFacts(TaskResult result) {
    return !result.outcomes().isEmpty()
        && result.outcomes().stream().allMatch(FactOutcome.class::isInstance);
  }

  /** Rows of a fact ledger. */
  List<LedgerRow> facts() {
    List<LedgerRow> rows = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      FactOutcome fact = (FactOutcome) before.get(i);
      rows.add(
          new LedgerRow(
              task,
              fact.relation().name(),
              fact.relation().template(),
              fact.document(),
              fact.subject(),
              fact.object(),
              sight(fact),
              sight((FactOutcome) after.get(i))));
    }
    return rows;
  }

  private static LedgerRow.Sight sight(FactOutcome fact) {
    return new LedgerRow.Sight(fact.rank(), fact.logProbability(), fact.said());
  }

  /** Rows of a comparison by a value that is 1 where an answer is right. */
  List<QuestionRow> questions(String value) {
    List<QuestionRow> rows = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      Outcome one = before.get(i);
      Outcome other = after.get(i);
      rows.add(
          new QuestionRow(
              one.groups().getOrDefault("relation", ""),
              one.document(),
              answer(one),
              one.value(value) == 1,
              other.value(value) == 1,
              said(one, value),
              said(other, value)));
    }
    return rows;
  }

  private static String answer(Outcome outcome) {
    if (outcome instanceof ChoiceOutcome question) {
      return question.choices().get(question.right());
    }
    return outcome instanceof FactOutcome fact ? fact.object() : "";
  }

  /** What was answered, where the value is about just that. */
  private static String said(Outcome outcome, String value) {
    if (outcome instanceof ChoiceOutcome question && value.equals("acc")) {
      return question.choices().get(question.chosen());
    }
    return outcome instanceof FactOutcome fact ? fact.said() : "";
  }

  /** How both did by a value that is 1 where an answer is right. */
  Paired paired(String value) {
    Paired paired = Paired.NONE;
    for (int i = 0; i < before.size(); i++) {
      paired = paired.plus(before.get(i).value(value) == 1, after.get(i).value(value) == 1);
    }
    return paired;
  }

  /**
   * The value by which a task's answers are right or wrong: its headline's where that is one, else
   * "acc"; empty where its answers are neither.
   */
  static Optional<String> rightness(TaskResult result) {
    return Stream.of(result.headline().metric(), "acc")
        .filter(value -> result.outcomes().stream().allMatch(o -> rightOrWrong(o, value)))
        .findFirst();
  }

  private static boolean rightOrWrong(Outcome outcome, String value) {
    Double number = outcome.values().get(value);
    return number != null && (number == 0 || number == 1);
  }

  /**
   * Makes sure that a task's answers are right or wrong by that value.
   *
   * @throws IllegalArgumentException if they are not
   */
  static void requireRightness(TaskResult result, String value) {
    for (Outcome outcome : result.outcomes()) {
      if (!outcome.values().containsKey(value)) {
        throw Names.unknown("value of " + result.task(), value, outcome.values().keySet());
      }
      if (!rightOrWrong(outcome, value)) {
        throw new IllegalArgumentException(
            ("%s of %s is no matter of right or wrong: document '%s' has %s; compare by a value that"
                    + " is 0 or 1")
                .formatted(value, result.task(), outcome.document(), outcome.value(value)));
      }
    }
  }
}
