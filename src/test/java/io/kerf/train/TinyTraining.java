package io.kerf.train;

import io.kerf.Fixtures;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import io.kerf.train.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small run that tests and the processes that they start have in common. */
final class TinyTraining {
  private TinyTraining() {}

  /** A model of the fixtures of that kind, the first by name that a training is known of. */
  static Model model(Family.Kind kind) {
    return model(kind, 1);
  }

  /** The same of so many blocks at least. */
  static Model model(Family.Kind kind, int blocks) {
    return Fixtures.cases("training", "*.json").stream()
        .map(file -> file.getFileName().toString().replace(".json", ""))
        .map(name -> Fixtures.root().resolve("models").resolve(name))
        .map(folder -> ModelReader.read(folder, ProgressListener.NONE))
        .filter(model -> model.config().family().kind() == kind)
        .filter(model -> model.blocks().size() >= blocks)
        .findFirst()
        .orElseThrow();
  }

  /** Some paragraphs of words that are not all alike. */
  static Corpus text(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> words = List.of("the", "saw", "turns", "wood", "to", "dust", "and", "sings", ".");
    for (int i = 0; i < 6_000; i++) {
      text.append(words.get((i * i + i / 7) % words.size())).append(i % 97 == 96 ? "\n" : " ");
    }
    return Corpus.of(Files.writeString(folder.resolve("text.txt"), text));
  }

  /** Twenty steps, of what is small enough for a moment each. */
  static Pretraining recipe(Corpus corpus) {
    return Pretraining.on(corpus).batch(2, 16).tokens(20 * 2 * 16).dropout(0.1).seed(3);
  }

  static List<Double> losses(TrainingLog log) {
    return log.steps().stream().map(TrainingStep::loss).toList();
  }
}
