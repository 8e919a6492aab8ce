package io.kerf;

import io.kerf.eval.Document;
import io.kerf.eval.Metrics;
import io.kerf.eval.Task;
import io.kerf.eval.harness.ChoiceQuestion;
import io.kerf.eval.harness.HarnessTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A few questions with choices, for tests at the door. */
final class TinyQuestions {
  private static final List<String> THINGS =
      List.of("planks", "branches", "timber", "boards", "stones", "rivers", "houses", "bridges");

  private TinyQuestions() {}

  static Task task() {
    List<Document> questions = new ArrayList<>();
    for (int i = 0; i < THINGS.size(); i++) {
      questions.add(
          ChoiceQuestion.of(
              String.valueOf(i),
              "Question: Which tool would somebody take to cut "
                  + THINGS.get(i)
                  + " into pieces?\nAnswer:",
              List.of("a saw", "a long rope", "water"),
              i % 3));
    }
    return new HarnessTask(
        "planks",
        "1",
        List.of(),
        Map.of("num_fewshot", "0"),
        List.of(Metrics.mean("acc"), Metrics.mean("acc_norm")),
        model -> questions);
  }
}
