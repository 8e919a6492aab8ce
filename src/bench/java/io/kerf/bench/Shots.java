package io.kerf.bench;

import io.kerf.eval.Document;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.harness.ChoiceQuestion;
import io.kerf.eval.harness.HarnessTask;
import io.kerf.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Questions with their right answers that stand before every question of a task, the same ones
 * before each: the last rows of its file.
 *
 * @param file that holds these rows alone, for the peer; null where there are none
 * @param preamble what stands before a question
 */
record Shots(int count, Path file, String preamble) {
  static final Shots NONE = new Shots(0, null, "");

  /**
   * The last rows of a task.
   *
   * @param task all its rows
   * @param folder that the file of these rows goes into
   */
  static Shots last(HarnessTask task, int count, Model model, Path folder) throws IOException {
    if (count == 0) {
      return NONE;
    }
    Path rows = task.data().get(0).path();
    List<String> lines = Files.readAllLines(rows);
    if (2 * count > lines.size()) {
      throw new IllegalArgumentException(
          rows + " has " + lines.size() + " rows, too few to take " + count + " shots from them");
    }
    Path file = Files.createDirectories(folder).resolve(task.name() + "-" + count + "-shots.jsonl");
    Files.write(file, lines.subList(lines.size() - count, lines.size()));
    var documents = task.documents(model).kept();
    StringBuilder preamble = new StringBuilder();
    for (Document document : documents.subList(documents.size() - count, documents.size())) {
      ChoiceQuestion shot = (ChoiceQuestion) document;
      LogLikelihood right = shot.prompts().get(shot.right());
      preamble.append(right.context()).append(right.continuation()).append("\n\n");
    }
    return new Shots(count, file, preamble.toString());
  }

  /** The task with these before every question. */
  HarnessTask before(HarnessTask task) {
    if (count == 0) {
      return task;
    }
    return new HarnessTask(
        task.name(),
        task.version(),
        task.data(),
        Map.of("num_fewshot", String.valueOf(count)),
        task.metrics(),
        model ->
            task.documents(model).kept().stream()
                .map(document -> before((ChoiceQuestion) document))
                .map(Document.class::cast)
                .toList());
  }

  private ChoiceQuestion before(ChoiceQuestion question) {
    return new ChoiceQuestion(
        question.id(),
        question.prompts().stream()
            .map(p -> new LogLikelihood(preamble + p.context(), p.continuation()))
            .toList(),
        question.choices(),
        question.right(),
        question.unconditional());
  }
}
