package io.kerf.eval.lama;

import java.util.List;

/**
 * What a fact says, with a mark where its object stands.
 *
 * @param texts one sentence, or several that follow each other
 * @param mark of the blank
 * @param templated whether it comes from a template, which has one blank, and not from a corpus
 */
record Sentence(List<String> texts, String mark, boolean templated) {
  private static final String OBJECT = "[Y]";
  private static final String MASK = "[MASK]";

  Sentence {
    texts = List.copyOf(texts);
  }

  /** A fact's own sentence. */
  static Sentence of(Fact fact) {
    return fact.relation().templated()
        ? of(fact.relation().template(), fact.subject())
        : new Sentence(fact.sentences(), MASK, false);
  }

  /** A template with its subject filled in. */
  static Sentence of(String template, String subject) {
    return new Sentence(List.of(template.replace("[X]", subject)), OBJECT, true);
  }

  /** All of it. */
  String text() {
    return String.join(" ", texts);
  }

  /** The same with another mark. */
  Sentence marked(String other) {
    return new Sentence(
        texts.stream().map(text -> text.replace(mark, other)).toList(), other, templated);
  }

  /** How many blanks there are. */
  int blanks() {
    String text = text();
    int blanks = 0;
    for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length())) {
      blanks++;
    }
    return blanks;
  }

  /** What stands before the first blank. */
  String before() {
    return text().substring(0, text().indexOf(mark));
  }

  /** What stands after the first blank. */
  String after() {
    return text().substring(text().indexOf(mark) + mark.length());
  }
}
