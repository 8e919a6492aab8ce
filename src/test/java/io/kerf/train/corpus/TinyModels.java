package io.kerf.train.corpus;

import io.kerf.Fixtures;
import io.kerf.eval.CharacterTokenizer;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.text.Tokenizer;
import java.util.List;

/** The fixtures' models, and such with another tokenizer or vocabulary. */
final class TinyModels {
  private TinyModels() {}

  static List<Model> all() {
    return Fixtures.cases("models", "*").stream().map(ModelReader::read).toList();
  }

  static Model first(Family.Kind kind) {
    return all().stream()
        .filter(model -> model.config().family().kind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " model among the fixtures"));
  }

  /** A causal model that reads characters: 'a' is 101, a beginning 1, an end 2. */
  static Model characters(boolean begins) {
    return with(first(Family.Kind.CAUSAL), new CharacterTokenizer(begins), 516, 64);
  }

  static Model with(Model model, Tokenizer tokenizer, int vocabulary, int positions) {
    Config c = model.config();
    Config other =
        new Config(
            c.family(),
            c.width(),
            c.feedForward(),
            vocabulary,
            positions,
            c.normEpsilon(),
            c.activation(),
            c.embeddings(),
            c.attention(),
            c.rotary(),
            c.head(),
            c.special(),
            c.norms());
    return new Model(other, model.shared(), model.blocks(), tokenizer, model.lineage());
  }
}
