package io.kerf.eval.rewording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.eval.Document;
import io.kerf.eval.Metrics;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.Task;
import io.kerf.eval.harness.ChoiceQuestion;
import io.kerf.eval.harness.HarnessTask;
import io.kerf.eval.harness.LastWord;
import io.kerf.eval.harness.Page;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewordedTaskTest {
  private static final Model MODEL = ModelReader.read(Fixtures.cases("models", "*").get(0));
  private static final String QUESTION = "Question: What turns wooden planks to dust?\nAnswer:";

  private static Task task(Document... documents) {
    return new HarnessTask(
        "planks",
        "2",
        List.of(),
        Map.of("num_fewshot", "0"),
        List.of(Metrics.mean("acc")),
        model -> List.of(documents));
  }

  private static Task question() {
    return task(ChoiceQuestion.of("3", QUESTION, List.of("wooden saws", "rivers"), 0));
  }

  private static List<LogLikelihood> asked(Task task) {
    return task.documents(MODEL).kept().stream()
        .flatMap(document -> document.requests().stream())
        .map(LogLikelihood.class::cast)
        .toList();
  }

  @Test
  void contextsChangeTogetherAndContinuationsStay() {
    List<LogLikelihood> typed = asked(RewordedTask.of(question(), new Typos(1, 1)));
    assertEquals(typed.get(0).context(), typed.get(1).context());
    assertNotEquals(QUESTION, typed.get(0).context());
    assertTrue(typed.get(0).context().startsWith("Question: "), typed.toString());
    assertTrue(typed.get(0).context().endsWith("\nAnswer:"), typed.toString());
    assertEquals(
        List.of(" wooden saws", " rivers"),
        typed.stream().map(LogLikelihood::continuation).toList());
  }

  @Test
  void whereContextsDifferOnlyWhatTheyShareIsChanged() {
    Task options =
        task(
            new ChoiceQuestion(
                "0",
                List.of(
                    new LogLikelihood("Sarah asked Maria because Sarah", " knew."),
                    new LogLikelihood("Sarah asked Maria because Sandra", " knew.")),
                List.of("Sarah", "Sandra"),
                0,
                false));
    List<LogLikelihood> typed = asked(RewordedTask.of(options, new Typos(1, 1)));
    String first = typed.get(0).context();
    String second = typed.get(1).context();
    assertTrue(first.startsWith("Sarah "), "a name that an option has: " + first);
    assertTrue(first.endsWith(" Sarah") && second.endsWith(" Sandra"), first + second);
    assertEquals(
        first.substring(0, first.lastIndexOf(' ')), second.substring(0, second.lastIndexOf(' ')));
    assertTrue(!first.contains("asked") && !first.contains("because"), first);
  }

  @Test
  void whatIsAskedWithoutContextStaysSo() {
    ChoiceQuestion question = ChoiceQuestion.of("3", QUESTION, List.of("saws", "rivers"), 0);
    Task mutual = task(question.withUnconditional());
    List<LogLikelihood> typed = asked(RewordedTask.of(mutual, new Typos(1, 1)));
    assertEquals(
        List.of("", ""), typed.subList(2, 4).stream().map(LogLikelihood::context).toList());
  }

  @Test
  void wordingsOfAQuestion() {
    assertEquals(
        "Q: What turns wooden planks to dust?\nA:",
        asked(RewordedTask.of(question(), Wording.SHORT)).get(0).context());
    assertEquals(
        "What turns wooden planks to dust?",
        asked(RewordedTask.of(question(), Wording.PLAIN)).get(0).context());
  }

  @Test
  void wordingsOfExamplesBeforeAQuestion() {
    String shots = "Question: One?\nAnswer: two\n\nQuestion: Two?\nAnswer:";
    Rewording brief = Wording.SHORT;
    assertEquals("Q: One?\nA: two\n\nQ: Two?\nA:", brief.reworded(shots, "0", Set.of()));
    assertEquals("One? two\n\nTwo?", Wording.PLAIN.reworded(shots, "0", Set.of()));
    String passage = "A text.\nQuestion: is it?\nAnswer:";
    assertEquals("A text.\nis it?", Wording.PLAIN.reworded(passage, "0", Set.of()));
  }

  @Test
  void saysWhatItIs() {
    Task typed = RewordedTask.of(question(), new Typos(0.5, 1));
    assertEquals("planks, typos 50%", typed.name());
    assertEquals("2", typed.version());
    assertEquals(question().kinds(), typed.kinds());
    assertEquals(List.of(), typed.data());
    assertEquals(List.of(), typed.groupings());
    assertEquals(question().metrics(), typed.metrics());
    assertEquals("planks", typed.settings().get(RewordedTask.OF));
    assertEquals("typos 50%", typed.settings().get(RewordedTask.GARBLED));
    Task worded = RewordedTask.of(question(), Wording.PLAIN);
    assertEquals("plain", worded.settings().get(RewordedTask.WORDING));
    assertEquals("0", typed.settings().get("num_fewshot"));
    assertEquals("3", typed.documents(MODEL).kept().get(0).id());
  }

  @Test
  void aTaskWithoutPromptsIsRefused() {
    Task pages = task(Page.of("0", "A text that is scored as a whole."));
    assertEquals(
        "task planks does not ask by a context and what follows it, so that there is no prompt to"
            + " say otherwise; take multiple choice or last words, or LAMA's paraphrases",
        message(RewordedTask.of(pages, new Typos(1, 1))));
  }

  @Test
  void aChangeThatChangesNothingIsRefused() {
    Task words = task(LastWord.of("0", "The cat sat on the", "mat"));
    assertEquals(
        "'typos 50%' changes no prompt of planks: raise the rate, or ask more rows",
        message(RewordedTask.of(words, new Typos(0.5, 1))));
    assertEquals(
        "'plain' changes no prompt of planks: its prompts are not of that form; the first is 'The"
            + " cat sat on the'",
        message(RewordedTask.of(words, Wording.PLAIN)));
  }

  private static String message(Task task) {
    return assertThrows(IllegalArgumentException.class, () -> task.documents(MODEL)).getMessage();
  }
}
