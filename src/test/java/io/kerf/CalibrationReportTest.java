package io.kerf;

import static io.kerf.Kerf.evaluate;
import static io.kerf.Kerf.last;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Calibration;
import io.kerf.eval.Calibration.Binning;
import io.kerf.eval.Outcome;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Verdict;
import io.kerf.name.UnknownNameException;
import io.kerf.progress.ProgressListener;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.Table;

class CalibrationReportTest {
  private static final Variant DENSE = TinyVariants.CAUSAL;
  private static final Variant CUT = DENSE.dropLayers(last(1));
  private static final Task QUESTIONS = TinyQuestions.task();
  private static final Report REPORT =
      evaluate(DENSE, CUT).on(QUESTIONS).run(ProgressListener.NONE);

  @Test
  void aRowForEachVariantTaskAndMetricThatChooses() {
    Table table = REPORT.calibration();
    assertEquals(List.of("acc", "acc_norm", "acc", "acc_norm"), column(table, "metric"));
    assertEquals(List.of("dense", "dense", CUT.label(), CUT.label()), column(table, "variant"));
    TaskResult result = REPORT.result(DENSE, QUESTIONS.name());
    List<Verdict> verdicts =
        result.outcomes().stream().map(Outcome::verdicts).map(v -> v.get("acc_norm")).toList();
    Calibration own = Calibration.of(verdicts, Binning.EQUAL_WIDTH, 10);
    assertEquals(own.error(), table.doubleColumn("ECE").get(1), 1e-12);
    assertEquals(own.errorBounds().high(), table.doubleColumn("ECE to").get(1), 1e-12);
    assertEquals(own.brier(), table.doubleColumn("Brier").get(1), 1e-12);
    assertEquals(result.measure("acc_norm").value(), table.doubleColumn("right").get(1), 1e-12);
    assertEquals(
        table.doubleColumn("confidence").get(1) - table.doubleColumn("right").get(1),
        table.doubleColumn("too sure by").get(1),
        1e-12);
    assertEquals(result.outcomes().size(), table.intColumn("n").get(1));
  }

  private static List<String> column(Table table, String name) {
    return table.stringColumn(name).asList();
  }

  @Test
  void binsMayHoldAsManyAnswersEach() {
    Table table = REPORT.calibration(Binning.EQUAL_MASS, 3);
    assertEquals(4, table.rowCount());
    String foot = REPORT.calibration(Binning.EQUAL_MASS, 3).footnote();
    assertTrue(foot.contains("over 3 bins of equal size"), foot);
    assertTrue(foot.endsWith(REPORT.standsOn()), foot);
  }

  @Test
  void factsAreCalibratedByTheFirstChoice() {
    Task facts = TinyVariants.facts();
    Variant masked = TinyVariants.MASKED;
    Report report = evaluate(masked).on(facts).run(ProgressListener.NONE);
    Table table = report.calibration();
    assertEquals(List.of("P@1"), column(table, "metric"));
    for (Outcome outcome : report.result(masked, facts.name()).outcomes()) {
      Verdict verdict = outcome.verdicts().get("P@1");
      assertEquals(outcome.value("P@1") == 1, verdict.right());
      if (verdict.right()) {
        assertEquals(Math.exp(outcome.value("logProbability")), verdict.probability(), 1e-9);
      } else {
        assertTrue(verdict.probability() >= Math.exp(outcome.value("logProbability")));
      }
    }
  }

  @Test
  void theDiagramHasAVariantsBinsTheirSizesAndTheDiagonal() {
    XYChart chart = REPORT.calibrationChart(QUESTIONS.name());
    String cut = CUT.label();
    assertEquals(
        List.of(
            "dense",
            cut,
            "as sure as right",
            "dense, share of answers",
            cut + ", share of answers"),
        List.copyOf(chart.getSeriesMap().keySet()));
    assertTrue(chart.getTitle().endsWith(" on " + QUESTIONS.name() + ", acc"), chart.getTitle());
    double[] sizes = chart.getSeriesMap().get("dense, share of answers").getYData();
    double all = 0;
    for (int i = 1; i < sizes.length; i += 4) {
      all += sizes[i];
    }
    assertEquals(1, all, 1e-9);
    assertTrue(
        REPORT.calibrationChart(QUESTIONS.name(), "acc_norm").getTitle().endsWith("acc_norm"));
  }

  @Test
  void whatHasNoVerdictsIsAnError() {
    Task text = TinyVariants.text();
    Report report = evaluate(DENSE).on(text).run(ProgressListener.NONE);
    String without =
        " has answers with probabilities to calibrate by; multiple choice and LAMA have them, for"
            + " instance task(\"questions\")";
    assertEquals(
        "no task of this report" + without,
        assertThrows(IllegalArgumentException.class, report::calibration).getMessage());
    assertEquals(
        "task text" + without.replace(" has answers", " has no answers"),
        assertThrows(IllegalArgumentException.class, () -> report.calibrationChart("text"))
            .getMessage());
    assertEquals(
        "Unknown metric of planks with verdicts 'acc_nrm'. Did you mean: acc_norm? Known: acc,"
            + " acc_norm",
        assertThrows(UnknownNameException.class, () -> REPORT.calibrationChart("planks", "acc_nrm"))
            .getMessage());
  }
}
