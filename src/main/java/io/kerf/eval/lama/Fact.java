package io.kerf.eval.lama;

import java.util.List;

/**
 * A fact to be probed.
 *
 * @param id as its data names it
 * @param sentences with {@code [MASK]} for the object; of use where the relation has no template
 * @param judgedWrong whether most of those who read it (Google-RE) said that it does not hold
 */
public record Fact(
    String id,
    Relation relation,
    String subject,
    String object,
    List<String> sentences,
    boolean judgedWrong) {
  public Fact {
    sentences = List.copyOf(sentences);
    if (!relation.templated() && sentences.isEmpty()) {
      throw new IllegalArgumentException(
          "fact " + id + " of " + relation.name() + " has neither template nor masked sentences");
    }
  }
}
