package io.kerf;

import static io.kerf.Kerf.evaluate;
import static io.kerf.Kerf.magnitude;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Answer.Likelihood;
import io.kerf.eval.Measure;
import io.kerf.eval.Outcome;
import io.kerf.eval.Paired;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Work;
import io.kerf.eval.harness.ChoiceOutcome;
import io.kerf.eval.lama.FactOutcome;
import io.kerf.eval.lama.Relation;
import io.kerf.name.UnknownNameException;
import io.kerf.progress.ProgressListener;
import io.kerf.report.Comparison;
import io.kerf.report.FactLedger;
import io.kerf.report.FootnotedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ComparisonsTest {
  private static final Variant DENSE = TinyVariants.MASKED;
  private static final Variant CUT = DENSE.named("cut");
  private static final Relation BORN = new Relation("P19", "[X] was born in [Y] .", "");

  private record Text(String document, Map<String, Double> values) implements Outcome {}

  private static FactOutcome fact(String id, Relation relation, String object, int rank) {
    return new FactOutcome(
        id,
        relation,
        "Ada",
        object,
        "",
        1,
        1,
        -rank,
        rank,
        rank,
        rank == 1 ? object : "no",
        -0.5,
        List.of(),
        false,
        0);
  }

  private static ChoiceOutcome question(String id, double yes, double no) {
    return new ChoiceOutcome(
        id,
        List.of("yes", "no!!"),
        0,
        List.of(new Likelihood(yes, 1, true, 0), new Likelihood(no, 1, false, 0)),
        List.of());
  }

  private static Report.Entry entry(
      Variant variant, String task, String metric, int documents, Outcome... outcomes) {
    return new Report.Entry(
        variant,
        new TaskResult(
            task,
            "1",
            variant.lineage(),
            "float32",
            List.of(),
            Map.of(),
            List.of(new Measure(metric, 0, 0, outcomes.length, true)),
            Map.of(),
            documents,
            List.of(outcomes),
            List.of(),
            new Work(0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
  }

  private static Report report(Report.Entry... entries) {
    return new Report(evaluate(DENSE, CUT), List.of(entries));
  }

  private static final Report REPORT =
      report(
          entry(
              DENSE,
              "trex",
              "P@1",
              3,
              fact("a", BORN, "Paris", 1),
              fact("a", BORN, "Rome", 2),
              fact("b", BORN, "Rome", 1)),
          entry(DENSE, "piqa", "acc", 2, question("1", -1, -2), question("2", -1, -1.5)),
          entry(DENSE, "wiki", "word_perplexity", 1, new Text("p", Map.of("logLikelihood", -3.0))),
          entry(
              CUT,
              "trex",
              "P@1",
              3,
              fact("b", BORN, "Rome", 4),
              fact("a", BORN, "Rome", 1),
              fact("a", BORN, "Paris", 1)),
          entry(CUT, "piqa", "acc", 2, question("2", -3, -1), question("1", -1, -2)),
          entry(CUT, "wiki", "word_perplexity", 1, new Text("p", Map.of("logLikelihood", -4.0))));

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void factsAreMatchedByDocumentAndRelationInAnyOrder() {
    FactLedger ledger = REPORT.facts(DENSE, CUT);
    assertEquals(new Paired(1, 1, 1, 0), ledger.paired());
    assertEquals(
        List.of("kept", "gained", "lost"),
        ledger.rows().stream().map(row -> row.fate().label()).toList());
    assertEquals(ledger.rows(), REPORT.facts(DENSE, CUT, "trex").rows());
    assertEquals(REPORT.standsOn(), ledger.standsOn());
    assertTrue(ledger.table().name().endsWith("trex: dense to cut, by relation"));
  }

  @Test
  void theMapHasThePointsOfEveryRelation() {
    var series = REPORT.factMap("trex").getHeatMapSeries();
    assertEquals(List.of("cut"), series.getXData());
    assertEquals(List.of("P19: X was born in Y"), series.getYData());
    assertArrayEquals(new Number[] {0, 0, 0.0}, series.getHeatData().get(0));
    assertEquals(series.getYData(), REPORT.factMap().getHeatMapSeries().getYData());
  }

  @Test
  void questionsAreComparedByTheHeadline() {
    Comparison comparison = REPORT.compare(DENSE, CUT, "piqa");
    assertEquals(new Paired(1, 1, 0, 0), comparison.paired());
    FootnotedTable lost = comparison.lost();
    assertEquals(List.of("2"), lost.stringColumn("question").asList());
    assertEquals(List.of("yes"), lost.stringColumn("said before").asList());
    assertEquals(List.of("no!!"), lost.stringColumn("said after").asList());
  }

  @Test
  void questionsAreComparedByAnyValueOfRightOrWrong() {
    // per character: yes -1/3, no!! -1.5/4 and then -3/3, -1/4
    Comparison normed = REPORT.compare(DENSE, CUT, "piqa", "acc_norm");
    assertEquals(new Paired(1, 1, 0, 0), normed.paired());
    assertEquals("acc_norm", normed.metric());
    assertEquals(new Paired(3, 0, 0, 0), REPORT.compare(DENSE, CUT, "trex", "P@5").paired());
    assertEquals(
        "brier_score of piqa is no matter of right or wrong",
        refused(() -> REPORT.compare(DENSE, CUT, "piqa", "brier_score")).split(":")[0]);
    assertTrue(
        refused(() -> REPORT.compare(DENSE, CUT, "piqa", "acc_nor"))
            .startsWith("Unknown value of piqa 'acc_nor'. Did you mean: acc_norm?"));
  }

  @Test
  void significanceHasARowForEachTaskAndCutAndNamesWhatItLeavesOut() {
    FootnotedTable table = REPORT.significance();
    assertEquals(List.of("trex", "piqa"), table.stringColumn("task").asList());
    assertEquals(List.of("P@1", "acc"), table.stringColumn("metric").asList());
    assertArrayEquals(new double[] {0, -0.5}, table.doubleColumn("change").asDoubleArray());
    assertArrayEquals(new double[] {2 / 3.0, 0.5}, table.doubleColumn("flip rate").asDoubleArray());
    assertTrue(table.footnote().contains("Without wiki: no answers there"), table.footnote());
    assertTrue(table.footnote().contains("the table's 2 tests"), table.footnote());
  }

  @Test
  void aVariantOfAnotherReportIsNamed() {
    assertEquals(
        "'other' is no variant of this report, which has "
            + DENSE.label()
            + ", cut; compare variants that were evaluated together",
        refused(() -> REPORT.facts(DENSE, DENSE.named("other"))));
    assertEquals(
        refused(() -> REPORT.facts(DENSE, DENSE.named("other"))),
        refused(() -> REPORT.compare(DENSE.named("other"), CUT, "piqa")));
  }

  @Test
  void aResultThatIsNotCompleteIsNamed() {
    Report stopped =
        report(
            entry(DENSE, "trex", "P@1", 2, fact("a", BORN, "Paris", 1), fact("b", BORN, "Rome", 1)),
            entry(CUT, "trex", "P@1", 2, fact("a", BORN, "Paris", 1)));
    String message =
        "'cut' answered only 1 of 2 documents of trex before it was stopped; run the evaluation"
            + " again to compare it";
    assertEquals(message, refused(() -> stopped.facts(DENSE, CUT)));
    assertEquals(message, refused(() -> stopped.compare(DENSE, CUT, "trex")));
    assertEquals(message, refused(stopped::significance));
    assertEquals(message, refused(stopped::factMap));
    assertEquals(
        "'cut' was not measured on trex",
        refused(
            () ->
                report(entry(DENSE, "trex", "P@1", 1, fact("a", BORN, "Paris", 1)))
                    .facts(DENSE, CUT)));
  }

  @Test
  void otherDocumentsAreNamed() {
    Report other =
        report(
            entry(DENSE, "trex", "P@1", 2, fact("a", BORN, "Paris", 1), fact("b", BORN, "Rome", 1)),
            entry(CUT, "trex", "P@1", 2, fact("c", BORN, "Oslo", 1), fact("d", BORN, "Rome", 1)));
    assertEquals(
        "'dense' and 'cut' were not asked the same documents of trex: 'a' of P19 (and 1 more) was"
            + " asked of 'dense' only; compare models by documents that both are asked",
        refused(() -> other.facts(DENSE, CUT)));
    Report more =
        report(
            entry(DENSE, "piqa", "acc", 1, question("1", -1, -2)),
            entry(CUT, "piqa", "acc", 2, question("1", -1, -2), question("2", -1, -2)));
    assertEquals(
        "'cut' and 'dense' were not asked the same documents of piqa: '2' was asked of 'cut' only;"
            + " compare models by documents that both are asked",
        refused(() -> more.compare(DENSE, CUT, "piqa")));
  }

  @Test
  void aDocumentThatTheDataHasTwiceIsTwoDocuments() {
    Report twice =
        report(
            entry(DENSE, "piqa", "acc", 2, question("1", -1, -2), question("1", -1, -2)),
            entry(CUT, "piqa", "acc", 2, question("1", -1, -2), question("1", -3, -2)));
    assertEquals(new Paired(1, 1, 0, 0), twice.compare(DENSE, CUT, "piqa").paired());
  }

  @Test
  void tasksWithoutFactsOrWithoutRightAnswersSaySo() {
    Report questions =
        report(
            entry(DENSE, "piqa", "acc", 1, question("1", -1, -2)),
            entry(CUT, "piqa", "acc", 1, question("1", -1, -2)));
    assertEquals(
        "this report has no facts: its tasks are piqa; measure on facts too, for instance"
            + " .on(lama(\"facts\"))",
        refused(() -> questions.facts(DENSE, CUT)));
    assertEquals(
        "piqa asks no facts; see what became of its questions by report.compare(...)",
        refused(() -> questions.facts(DENSE, CUT, "piqa")));
    assertEquals(
        "wiki has no answers that are right or wrong (it has [logLikelihood]), so that none can be"
            + " lost or gained; compare its scores in report.table()",
        refused(() -> REPORT.compare(DENSE, CUT, "wiki")));
    assertThrows(UnknownNameException.class, () -> REPORT.facts(DENSE, CUT, "trexx"));
  }

  @Test
  void changesNeedACut() {
    Report alone =
        new Report(
            evaluate(DENSE), List.of(entry(DENSE, "trex", "P@1", 1, fact("a", BORN, "Paris", 1))));
    assertEquals(
        "changes need a variant to compare with the first, and this report has only 'dense';"
            + " evaluate it together with a cut",
        refused(alone::factMap));
    assertEquals(refused(alone::factMap), refused(alone::significance));
  }

  @Test
  void aRealCutsLedgerAgreesWithItsScores() {
    Variant half = DENSE.prune(magnitude(0.7));
    String task = TinyVariants.facts().name();
    Report report = evaluate(DENSE, half).on(TinyVariants.facts()).run(ProgressListener.NONE);
    FactLedger ledger = report.facts(DENSE, half);
    assertEquals(report.result(DENSE, task).headline().value(), ledger.paired().before(), 1e-12);
    assertEquals(report.result(half, task).headline().value(), ledger.paired().after(), 1e-12);
    assertEquals(ledger.paired(), report.compare(DENSE, half, task).paired());
    List<String> relations =
        new ArrayList<>(report.result(DENSE, task).groups().get("relation").keySet());
    assertEquals(relations.size(), ledger.table().rowCount());
    assertEquals(
        report.result(half, task).measure("macro P@1").value(),
        relations.size() < 2
            ? ledger.paired().after()
            : ledger.table().totals().orElseThrow().doubleColumn("P@1 after").get(1),
        1e-12);
    assertTrue(report.facts(DENSE, DENSE).lost().isEmpty());
  }
}
