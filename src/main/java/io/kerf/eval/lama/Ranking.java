package io.kerf.eval.lama;

import java.util.LinkedHashMap;
import java.util.Map;

/** What an object is ranked among, and by what. */
sealed interface Ranking {
  /**
   * Objects of one token, by the probability of that token.
   *
   * @param vocabulary the tokens among which; null for every token of the model
   */
  record ByToken(WordList vocabulary) implements Ranking {}

  /**
   * Whole objects, of however many tokens, among all objects of the relation.
   *
   * @param filled whether filled sentences are compared, not the family's own cloze
   */
  record ByObject(boolean filled, Normalisation normalisation) implements Ranking {}

  /** What a task's name gets from it. */
  default String suffix() {
    return this instanceof ByObject objects ? objects.filled ? " compared" : " multi-token" : "";
  }

  /** What scores depend on by it. */
  default Map<String, String> settings(CandidateObjects candidates) {
    if (this instanceof ByToken tokens) {
      WordList words = tokens.vocabulary();
      return Map.of(
          "vocabulary",
          words == null ? "full" : words.name() + ", " + words.words().size() + " words");
    }
    ByObject objects = (ByObject) this;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("candidates", candidates.words());
    settings.put(
        "score",
        (objects.filled() ? "filled sentence, " : "the family's own cloze, ")
            + objects.normalisation().words());
    return settings;
  }
}
