package io.kerf;

import static io.kerf.Kerf.breakEven;
import static io.kerf.Kerf.last;
import static io.kerf.Kerf.queries;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import io.kerf.train.TrainingLog;
import io.kerf.train.TrainingStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class BreakEvenReportTest {
  private static final Path TEXT = Path.of("datasets/text/held-out.txt");
  private static final Queries FEW = queries(8, 3).times(3).on(TEXT);
  private static final TrainingLog TRAINING =
      new TrainingLog(
          "healed",
          List.of(new TrainingStep(1, 100, 5, 3e-4, 1, 2), new TrainingStep(2, 200, 4, 3e-4, 1, 3)),
          3e12);
  private static final Variant DENSE = TinyVariants.CAUSAL;
  private static final Variant HEALED = trained(DENSE.dropLayers(last(1)));
  private static final BreakEvenReport REPORT = breakEven(DENSE, HEALED, TRAINING, FEW);

  /** The same weights, said to have been trained. */
  private static Variant trained(Variant variant) {
    Model model = variant.model();
    return new Variant(
        model.withBlocks(
            model.blocks(),
            new Lineage.Step(
                "trained 200 tokens", Map.of("tokens", "200", "steps", "2", "seconds", "5.0"))));
  }

  private static String refused(Variant variant, TrainingLog training, Queries queries) {
    return assertThrows(
            IllegalArgumentException.class, () -> breakEven(DENSE, variant, training, queries))
        .getMessage();
  }

  @Test
  void billsSecondsAsMeasured() {
    assertTrue(REPORT.complete());
    assertEquals(3, REPORT.times().pairs());
    assertEquals(5, REPORT.measured().training());
    assertTrue(REPORT.sentence().startsWith("Training took 5 s"), REPORT.sentence());
    assertTrue(REPORT.text().startsWith(REPORT.sentence()), REPORT.text());
    assertTrue(REPORT.html().contains("<img"));
    assertTrue(
        REPORT.standsOn().contains("3 of 3 queries by turns on both, order by seed 1"),
        REPORT.standsOn());
    assertTrue(REPORT.standsOn().contains("8 tokens read, 3 written"), REPORT.standsOn());
  }

  @Test
  void billsOperationsForAnyMachine() {
    double saved = REPORT.operations().saved();
    assertTrue(saved > 0, "a layer less is less to compute");
    assertEquals(3e12 / saved, REPORT.operations().count(), 1e-6);
    Table table = REPORT.onMachine(6e12, 2e12).table();
    assertEquals(
        List.of("measured here", "operations", "at 6.00 and 2.00 TFLOP/s"),
        table.stringColumn("by").asList());
    assertTrue(table.stringColumn("in").get(1).endsWith("FLOP"));
    assertEquals(
        Math.ceil(0.5 / (saved / 2e12)), table.doubleColumn("paid after queries").get(2), 1);
    assertTrue(REPORT.onMachine(6e12, 2e12).text().contains("At 6.00 and 2.00 TFLOP/s: training"));
  }

  @Test
  void operationsThatWereNotCountedAreNotMadeUp() {
    BreakEvenReport uncounted =
        breakEven(DENSE, HEALED, TrainingLog.of("healed", TRAINING.steps()), FEW);
    assertEquals(1, uncounted.table().rowCount());
    assertEquals(
        "the operations of 'healed' were not counted: give them, training.withOperations(...)",
        assertThrows(IllegalStateException.class, () -> uncounted.onMachine(1e12, 1e12))
            .getMessage());
    assertTrue(uncounted.standsOn().contains("were not counted"), uncounted.standsOn());
  }

  @Test
  void everyKindOfModelIsBilled() {
    for (Family.Kind kind : Family.Kind.values()) {
      Variant dense = Kerf.load(TinyVariants.folder(kind));
      Variant healed = trained(dense.dropLayers(last(1)));
      boolean masked = kind == Family.Kind.MASKED;
      BreakEvenReport report =
          breakEven(dense, healed, TRAINING, queries(8, masked ? 1 : 3).times(2).on(TEXT));
      assertEquals(2, report.times().pairs(), kind.toString());
      assertTrue(report.operations().saved() > 0, kind.toString());
    }
  }

  @Test
  void refusesWhatCannotBeBilled() {
    assertEquals(
        "'none' has no step of training, so there is nothing to pay off",
        refused(HEALED, TrainingLog.of("none", List.of()), FEW));
    Variant cut = DENSE.dropLayers(last(1));
    assertEquals(
        "'"
            + cut.label()
            + "' was not trained, its lineage has no step of training: give the variant that"
            + " training returned, not the one that went into it",
        refused(cut, TRAINING, FEW));
    String other = refused(trained(TinyVariants.MASKED), TRAINING, FEW);
    assertTrue(other.contains("has another tokenizer than"), other);
    assertEquals(
        "at least 2 queries must be measured to know their spread, was 1",
        assertThrows(IllegalArgumentException.class, () -> FEW.times(1)).getMessage());
    assertEquals(
        "a machine does more than 0 operations in a second, was 0.0; for 40 TFLOP/s write 40e12",
        assertThrows(IllegalArgumentException.class, () -> REPORT.onMachine(0, 1)).getMessage());
  }

  @Test
  void anInterruptKeepsTheQueriesThatWereMeasured() {
    int[] done = {0};
    ProgressListener stops =
        (label, total, unit) ->
            units -> {
              done[0] += (int) units;
              if (done[0] == 9) {
                Thread.currentThread().interrupt();
              }
            };
    BreakEvenReport report = BreakEvenReport.of(DENSE, HEALED, TRAINING, FEW.times(9), stops);
    assertFalse(Thread.currentThread().isInterrupted());
    assertFalse(report.complete());
    assertEquals(2, report.times().pairs());
    assertTrue(report.text().contains("Stopped before the end"), report.text());
    Thread.currentThread().interrupt();
    assertThrows(Interrupted.class, () -> breakEven(DENSE, HEALED, TRAINING, FEW));
  }
}
