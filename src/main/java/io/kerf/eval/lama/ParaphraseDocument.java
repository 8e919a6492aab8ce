package io.kerf.eval.lama;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A fact asked by several paraphrases.
 *
 * @param asked by pattern
 * @param right the tokens that are right
 */
record ParaphraseDocument(
    Fact fact, Map<String, Request.Cloze> asked, Set<Integer> right, Words words)
    implements Document {
  ParaphraseDocument {
    asked = Collections.unmodifiableMap(new LinkedHashMap<>(asked));
    right = Set.copyOf(right);
  }

  @Override
  public String id() {
    return fact.id();
  }

  @Override
  public List<Request> requests() {
    return List.copyOf(asked.values());
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    List<ParaphraseOutcome.Said> said = new ArrayList<>();
    for (String pattern : asked.keySet()) {
      int best = ((Answer.Cloze) answers.get(said.size())).best();
      said.add(new ParaphraseOutcome.Said(pattern, words.spell(best), right.contains(best)));
    }
    return new ParaphraseOutcome(fact.id(), fact.relation(), fact.subject(), fact.object(), said);
  }
}
