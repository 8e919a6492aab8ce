package io.kerf.eval.lama;

import io.kerf.eval.Answer;
import io.kerf.eval.Document;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request;
import io.kerf.text.Tokenizer;
import java.util.List;

/** A fact as a model is asked it. */
record FactDocument(
    Fact fact, String prompt, Request.Cloze cloze, boolean anyRightObject, Tokenizer tokenizer)
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
        tokenizer.token(answer.best()),
        FactOutcome.spell(answer.top(), tokenizer::token));
  }
}
