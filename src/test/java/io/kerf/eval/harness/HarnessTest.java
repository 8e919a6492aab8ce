package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Answer;
import io.kerf.eval.DataHome;
import io.kerf.eval.MissingDataException;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HarnessTest {
  @TempDir Path temp;

  private Harness with(String file, String... lines) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, List.of(lines));
    return Harness.in(DataHome.of(temp));
  }

  private static ChoiceQuestion first(HarnessTask task) {
    return (ChoiceQuestion) task.documents(null).kept().get(0);
  }

  @Test
  void namesTheTaskThatWasMeant() {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> Harness.in(DataHome.of(temp)).task("bolq"));
    assertTrue(
        error.getMessage().startsWith("Unknown task 'bolq'. Did you mean: boolq?"),
        error.getMessage());
  }

  @Test
  void saysWhereItLookedForDataAndWhatIsThereInstead() {
    var error =
        assertThrows(MissingDataException.class, () -> Harness.in(DataHome.of(temp)).task("piqa"));
    assertTrue(
        error
            .getMessage()
            .startsWith("cannot find harness/piqa_validation.jsonl: looked in " + temp),
        error.getMessage());
    assertTrue(error.getMessage().contains("task(\"questions\")"), error.getMessage());
  }

  @Test
  void namesFileLineAndFieldOfAMalformedRow() throws IOException {
    Harness harness =
        with(
            "harness/piqa_validation.jsonl",
            "{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\",\"label\":0}",
            "{\"goal\":\"g\",\"sol1\":\"a\",\"sol2\":\"b\",\"label\":\"0\"}");
    var error = assertThrows(IllegalArgumentException.class, () -> harness.task("piqa"));
    assertTrue(
        error
            .getMessage()
            .endsWith(
                "piqa_validation.jsonl:2, doc_to_target: the right choice must be one of ['a', 'b']"
                    + " or in [0, 2), was '0'"),
        error.getMessage());
  }

  @Test
  void namesFileAndLineOfAnAnswerOutOfRange() throws IOException {
    Harness harness =
        with(
            "questions/questions.jsonl",
            "{\"question\":\"q\",\"choices\":[\"a\",\"b\"],\"answer\":2}");
    var error = assertThrows(IllegalArgumentException.class, () -> harness.task("questions"));
    assertTrue(
        error
            .getMessage()
            .endsWith(
                "questions.jsonl:1, doc_to_target: the right choice must be one of ['a', 'b'] or in"
                    + " [0, 2), was 2"),
        error.getMessage());
  }

  @Test
  void asksOwnQuestionsAsTheHarnessAsksPiqa() throws IOException {
    Harness harness =
        with(
            "questions/questions.jsonl",
            "{\"question\":\"Why?\",\"choices\":[\"so\",\"as\"],\"answer\":1}",
            "{\"question\":\"How?\",\"choices\":[\"so\",\"as\"],\"answer\":1}");
    HarnessTask task = harness.task("questions", Sampling.first(1));
    assertEquals(1, task.documents(null).kept().size());
    assertEquals(
        List.of(
            new LogLikelihood("Question: Why?\nAnswer:", " so"),
            new LogLikelihood("Question: Why?\nAnswer:", " as")),
        first(task).requests());
    assertEquals(2, task.data().get(0).rows());
    assertEquals("first 1 rows", task.settings().get("rows"));
  }

  @Test
  void putsWinograndesOptionsIntoTheContext() throws IOException {
    Harness harness =
        with(
            "harness/winogrande_xl_validation.jsonl",
            "{\"sentence\":\"Ann beat Eve, so _ won.\",\"option1\":\"Ann\",\"option2\":\"Eve\","
                + "\"answer\":\"2\"}");
    ChoiceQuestion question = first(harness.task("winogrande"));
    assertEquals(
        List.of(
            new LogLikelihood("Ann beat Eve, so Ann", " won."),
            new LogLikelihood("Ann beat Eve, so Eve", " won.")),
        question.requests());
    assertEquals(1, question.right());
  }

  @Test
  void cleansHellaswagsTexts() throws IOException {
    Harness harness =
        with(
            "harness/hellaswag_val_sample.jsonl",
            "{\"activity_label\":\"Sawing\",\"ctx_a\":\"A man saws. [header] It is\",\"ctx_b\":"
                + "\"he Stops\",\"endings\":[\"now [title] So [step] it is.\",\"b\"],\"label\":0}");
    assertEquals(
        new LogLikelihood("Sawing: A man saws. It is He stops", " now. So it is."),
        first(harness.task("hellaswag")).requests().get(0));
  }

  @Test
  void accuraciesDivideByTheirOwnLengths() {
    // Log-likelihoods -4, -6, -9 for 1, 3 and 2 characters of 1, 3 and 6 bytes.
    ChoiceQuestion question =
        ChoiceQuestion.of("q", "c", List.of("a", "bcd", "\u6771\u4eac"), 1).withUnconditional();
    List<Answer> answers =
        java.util.stream.DoubleStream.of(-4, -6, -9, -2, -7, -3)
            .mapToObj(ll -> (Answer) new Answer.Likelihood(ll, 1, false, 0))
            .toList();
    Map<String, Double> values = question.outcome(answers).values();
    assertEquals(0, values.get("acc")); // -4 is highest
    assertEquals(1, values.get("acc_norm")); // -4, -2, -4.5
    assertEquals(0, values.get("acc_bytes")); // -4, -2, -1.5
    assertEquals(1, values.get("acc_mutual_info")); // -2, 1, -6
    double z = Math.exp(-4) + Math.exp(-6) + Math.exp(-9);
    double brier =
        Math.pow(Math.exp(-4) / z, 2)
            + Math.pow(Math.exp(-6) / z - 1, 2)
            + Math.pow(Math.exp(-9) / z, 2);
    assertEquals(brier, values.get("brier_score"), 1e-12);
  }

  @Test
  void namesATextThatIsShorterThanAWindow() throws IOException {
    Path file = Files.writeString(temp.resolve("text.txt"), "short");
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Perplexity.windows("text", file, 1, Sampling.all()));
    assertEquals("a window needs at least 2 tokens, was 1", error.getMessage());
  }
}
