package io.kerf.bench;

import io.kerf.Kerf;
import io.kerf.Variant;
import io.kerf.eval.DataHome;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.progress.ProgressListener;
import io.kerf.train.Pretraining;
import io.kerf.train.TrainingListener;
import io.kerf.train.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A model that layers are taken out of, what it is trained on and what it is measured by.
 *
 * @param dense the whole model
 * @param recipe how every variant is trained; all on equally many tokens
 * @param trainedOn the text, in words
 * @param perplexity of a text that is not trained on
 * @param measuredOn that text, in words
 * @param skills the paper's tasks whose data are here
 */
record ChopPlace(
    Variant dense,
    Pretraining recipe,
    String trainedOn,
    Task perplexity,
    String measuredOn,
    List<Skill> skills) {
  /**
   * A task of the paper's, by the metric that the paper takes.
   *
   * @param chance what guessing gets
   */
  record Skill(Task task, String metric, double chance) {}

  /**
   * What a model is worth.
   *
   * @param perplexity on text that was not trained on
   * @param tasks the mean over the tasks, in percent; NaN where no task was asked
   */
  record Worth(double perplexity, double tasks) {}

  private static final int WINDOW = 256;
  private static final String[][] PAPER = {
    {"piqa", "acc_norm", "0.5"},
    {"hellaswag", "acc_norm", "0.25"},
    {"openbookqa", "acc_norm", "0.25"},
    {"winogrande", "acc", "0.5"},
    {"sciq", "acc", "0.25"},
    {"arc_easy", "acc", "0.25"}
  };

  /** On Wikipedia's articles where they are here, else on what the model writes itself. */
  static ChopPlace articles(Variant dense, ChopSize size) {
    Optional<Path> text = DataHome.usual().find("wikitext2/wiki.valid.tokens");
    if (text.isEmpty() || DataHome.usual().find("wikitext2/wiki.test.raw").isEmpty()) {
      return new ChopPlace(
          dense,
          size.recipe(Kerf.onText(Kerf.writtenBy(dense).tokens(size.tokens()).rows(WINDOW))),
          "text that the dense model wrote (wikitext2 is not here)",
          Kerf.perplexity("held_out", WINDOW, size.windows()).get(0),
          "the project's held-out text",
          skills(size.rows()));
    }
    Corpus corpus = Kerf.corpus(text.get());
    return new ChopPlace(
        dense,
        size.recipe(Kerf.onText(corpus)),
        "wiki.valid.tokens",
        Kerf.perplexity("wikitext2", WINDOW, size.windows()).get(0),
        "wiki.test.raw, " + size.windows() + " windows of " + WINDOW + " tokens",
        skills(size.rows()));
  }

  /** On text that the dense model writes itself, measured on more of it by another seed. */
  static ChopPlace ownText(Variant dense, ChopSize size, Path folder) throws IOException {
    StringJoiner written = new StringJoiner("\n");
    long enough = (size.windows() + 1L) * WINDOW;
    Kerf.writtenBy(dense)
        .tokens(enough)
        .rows(WINDOW)
        .seed(4711)
        .forEach(ids -> written.add(dense.model().tokenizer().decode(ids, true)));
    Path measured = Files.createDirectories(folder).resolve("measured.txt");
    Files.writeString(measured, written + "\n");
    return new ChopPlace(
        dense,
        size.recipe(Kerf.onText(Kerf.writtenBy(dense).tokens(size.tokens()).rows(WINDOW))),
        "text that the dense model wrote, seed 0: no corpus of its kind is here",
        Kerf.perplexity(measured, WINDOW, size.windows()).get(0),
        "text that the dense model wrote by another seed",
        skills(size.rows()));
  }

  private static List<Skill> skills(int rows) {
    List<String> here = Kerf.tasks();
    List<Skill> skills = new ArrayList<>();
    for (String[] task : PAPER) {
      if (here.contains(task[0])) {
        Task asked = Kerf.task(task[0], rows).get(0);
        skills.add(new Skill(asked, task[1], Double.parseDouble(task[2])));
      }
    }
    return skills;
  }

  /** Measures a variant. */
  Worth worth(Variant variant) {
    List<Task> tasks = new ArrayList<>(List.of(perplexity));
    skills.forEach(skill -> tasks.add(skill.task()));
    io.kerf.Report report = Kerf.evaluate(variant).on(tasks).run(ProgressListener.NONE);
    double sum = 0;
    for (Skill skill : skills) {
      TaskResult result = report.result(variant, skill.task().name());
      sum += result.measure(skill.metric()).value();
    }
    return new Worth(
        report.result(variant, perplexity.name()).headline().value(), 100 * sum / skills.size());
  }

  /** Trains a variant by a recipe; shows nothing. */
  Variant trained(Variant variant, Pretraining by) {
    return variant.train(by, TrainingListener.NONE, ProgressListener.NONE);
  }

  /** What guessing gets on these tasks, in percent. */
  double chance() {
    return 100 * skills.stream().mapToDouble(Skill::chance).average().orElse(Double.NaN);
  }

  /** "piqa, hellaswag": which tasks the mean is over. */
  String skillNames() {
    StringJoiner names = new StringJoiner(", ");
    skills.forEach(skill -> names.add(skill.task().name()));
    return names.toString();
  }
}
