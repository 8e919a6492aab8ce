package io.kerf.eval.lama;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import java.util.List;

/** A fact as a model is asked it by its own cloze, for one token. */
record FactDocument(
    Fact fact,
    String prompt,
    Request.Cloze cloze,
    boolean anyRightObject,
    boolean majority,
    Words words)
    implements Document {
  @Override
  public String id() {
    return fact.id();
  }

  @Override
  public List<Request> requests() {
    return List.of(cloze);
  }

  @Override
  public Outcome outcome(List<Answer> answers) {
    Answer.Cloze answer = (Answer.Cloze) answers.get(0);
    return new FactOutcome(
        fact.id(),
        fact.relation(),
        fact.subject(),
        fact.object(),
        prompt,
        cloze.place().position(),
        cloze.object(),
        answer.logProbability(),
        anyRightObject ? answer.rankAmongWrong() : answer.rank(),
        answer.rankInVocabulary(),
        words.spell(answer.best()),
        answer.bestLogProbability(),
        FactOutcome.spell(answer.top(), words::spell),
        majority,
        cloze.candidates().size());
  }
}
