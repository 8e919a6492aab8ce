package io.kerf;

import static io.kerf.Kerf.evaluate;
import static io.kerf.Kerf.last;
import static io.kerf.Kerf.typos;
import static io.kerf.Kerf.wordings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Bootstrap;
import io.kerf.eval.Interval;
import io.kerf.eval.Outcome;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.progress.ProgressListener;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class RewordingReportTest {
  private static final Variant DENSE = TinyVariants.CAUSAL;
  private static final Variant CUT = DENSE.dropLayers(last(1));
  private static final List<Task> CLEAN = List.of(TinyQuestions.task());
  private static final List<Task> TYPED = typos(CLEAN, 0.8, 7);
  private static final Report REPORT =
      evaluate(DENSE, CUT).on(CLEAN, TYPED).run(ProgressListener.NONE);

  @Test
  void dropsAreOfTheSameDocumentsAndAnswersAreCompared() {
    Table table = REPORT.robustness();
    assertEquals(4, table.rowCount(), "two variants by acc and acc_norm");
    assertEquals(List.of("typos 80%"), table.stringColumn("prompts").unique().asList());
    List<Outcome> clean = REPORT.result(DENSE, "planks").outcomes();
    List<Outcome> typed = REPORT.result(DENSE, "planks, typos 80%").outcomes();
    double[] lost = new double[clean.size()];
    double same = 0;
    for (int i = 0; i < lost.length; i++) {
      lost[i] = clean.get(i).value("acc") - typed.get(i).value("acc");
      String before = clean.get(i).verdicts().get("acc").answer();
      same += before.equals(typed.get(i).verdicts().get("acc").answer()) ? 1 : 0;
    }
    Interval bounds = Bootstrap.COARSE.ofMean(lost);
    assertEquals(bounds.low(), table.doubleColumn("drop from").get(0), 1e-12);
    assertEquals(bounds.high(), table.doubleColumn("drop to").get(0), 1e-12);
    assertEquals(same / lost.length, table.doubleColumn("same answers").get(0), 1e-12);
    assertEquals(
        table.doubleColumn("clean").get(0) - table.doubleColumn("changed").get(0),
        table.doubleColumn("drop").get(0),
        1e-12);
    assertEquals(lost.length, table.intColumn("n").get(0));
  }

  @Test
  void wordingsHaveAColumnEach() {
    Report report = evaluate(DENSE).on(wordings(CLEAN)).run(ProgressListener.NONE);
    Table table = report.wordings();
    assertEquals(
        List.of(
            "variant", "task", "metric", "as it is", "Q: A:", "plain", "spread", "agreement", "n"),
        table.columnNames());
    double[] scores = {
      table.doubleColumn("as it is").get(0),
      table.doubleColumn("Q: A:").get(0),
      table.doubleColumn("plain").get(0)
    };
    Arrays.sort(scores);
    assertEquals(scores[2] - scores[0], table.doubleColumn("spread").get(0), 1e-12);
    assertTrue(table.doubleColumn("agreement").get(0) <= 1);
    assertEquals(4, report.robustness().rowCount(), "two wordings by acc and acc_norm");
  }

  @Test
  void whatWasDoneToThePromptsIsInTheReport() {
    assertTrue(REPORT.standsOn().contains("80% of words with a typing error, seed 7"));
  }

  @Test
  void withoutChangedPromptsThereIsNothingToSay() {
    Report report = evaluate(DENSE).on(CLEAN).run(ProgressListener.NONE);
    assertEquals(
        "no task of this report has changed prompts; measure a task and the same by"
            + " typos(task(\"questions\"), 0.1, 7) or wordings(task(\"questions\"))",
        message(report::robustness));
    assertEquals(message(report::robustness), message(report::wordings));
  }

  @Test
  void mistakesAreNoWording() {
    assertEquals(
        "no task of this report is worded otherwise; measure wordings(task(\"questions\"))",
        message(REPORT::wordings));
    Report both = evaluate(DENSE).on(wordings(CLEAN), TYPED).run(ProgressListener.NONE);
    assertEquals(9, both.wordings().columnCount());
    assertEquals(6, both.robustness().rowCount());
  }

  @Test
  void withoutThePromptsAsTheyAreThereIsNothingToCompareWith() {
    Report report = evaluate(DENSE).on(TYPED).run(ProgressListener.NONE);
    assertEquals(
        "'planks, typos 80%' has nothing to be compared with: measure 'planks' of 'dense' in the"
            + " same report",
        message(report::robustness));
  }

  @Test
  void otherDocumentsAreNotCompared() {
    TaskResult r = REPORT.entries().get(0).result();
    TaskResult half =
        new TaskResult(
            r.task(),
            r.version(),
            r.lineage(),
            r.weightFormat(),
            r.data(),
            r.settings(),
            r.measures(),
            r.groups(),
            r.documents(),
            r.outcomes().subList(0, 3),
            r.dropped(),
            r.work());
    Report report =
        new Report(
            REPORT.evaluation(), List.of(new Report.Entry(DENSE, half), REPORT.entries().get(1)));
    assertEquals(
        "'planks, typos 80%' and 'planks' have answers to other documents, 8 and 3: take the same"
            + " rows and let both come to their end",
        message(report::robustness));
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
