package io.kerf;

import static io.kerf.Kerf.evaluate;
import static io.kerf.Kerf.int8;
import static io.kerf.Kerf.last;
import static io.kerf.Kerf.magnitude;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.WeightFormat;
import io.kerf.eval.Documents;
import io.kerf.eval.Metric;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.rows.DataFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private final Variant dense = TinyVariants.MASKED;
  private final Task facts = TinyVariants.facts();

  @Test
  void measuresEveryVariantOnEveryTask() {
    Report report =
        evaluate(dense, dense.dropLayers(last(1))).on(facts).on(facts).run(ProgressListener.NONE);
    assertEquals(4, report.entries().size());
    assertTrue(report.complete());
  }

  @Test
  void scoresAreThoseOfTheVariantAlone() {
    Variant cut = dense.prune(magnitude(0.5));
    Report both = evaluate(dense, cut).on(facts).run(ProgressListener.NONE);
    Report alone = evaluate(cut).on(facts).run(ProgressListener.NONE);
    assertEquals(
        alone.result(cut, facts.name()).measures(), both.result(cut, facts.name()).measures());
  }

  @Test
  void tellsProgressInDocumentsOfAllVariantsAndTasks() {
    Counter counter = new Counter();
    Report report = evaluate(dense, dense.quantize(int8())).on(facts).run(counter);
    long documents = report.entries().stream().mapToLong(e -> e.result().documents()).sum();
    assertTrue(documents > 0);
    assertEquals(documents, counter.total);
    assertEquals(documents, counter.done);
    assertTrue(counter.closed);
  }

  @Test
  void anInterruptKeepsWhatIsDone() {
    Variant second = dense.prune(magnitude(0.5));
    ProgressListener stopsInSecond =
        (label, total, unit) ->
            new Progress() {
              @Override
              public void advance(long units) {}

              @Override
              public void note(String text) {
                if (text.equals(second.label())) {
                  Thread.currentThread().interrupt();
                }
              }
            };
    Report report = evaluate(dense, second, dense).on(facts).run(stopsInSecond);
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(List.of(dense), report.entries().stream().map(Report.Entry::variant).toList());
    assertFalse(report.complete());
    assertTrue(report.standsOn().startsWith("Stopped before the end"), report.standsOn());
    assertEquals(1, report.table().rowCount());
    assertThrows(IllegalArgumentException.class, () -> report.result(second, facts.name()));
  }

  @Test
  void aVariantThatWasMeasuredInPartHasNoDrop() {
    Variant second = dense.prune(magnitude(0.5));
    Report whole = evaluate(dense, second).on(facts).run(ProgressListener.NONE);
    assertFalse(whole.table().doubleColumn("drop").isMissing(1));
    Report.Entry entry = whole.entries().get(1);
    TaskResult r = entry.result();
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
            r.outcomes().subList(0, r.outcomes().size() / 2),
            r.dropped(),
            r.work());
    Report partial =
        new Report(
            whole.evaluation(), List.of(whole.entries().get(0), new Report.Entry(second, half)));
    assertFalse(partial.table().columnNames().contains("drop"));
  }

  @Test
  void anInterruptBeforeTheFirstVariantLeavesAReportThatShows() {
    Thread.currentThread().interrupt();
    Report report = evaluate(dense).on(facts).run(ProgressListener.NONE);
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(List.of(), report.entries());
    assertTrue(report.text().contains("Stopped before the end"), report.text());
    assertTrue(report.html().contains("Stopped before the end"), report.html());
  }

  @Test
  void readsDocumentsOnceForAllVariantsOfAModel() {
    CountingTask counting = new CountingTask(facts);
    evaluate(dense, dense.prune(magnitude(0.5))).on(counting).run(ProgressListener.NONE);
    assertEquals(1, counting.reads);
  }

  @Test
  void theWeightFormatIsTheOneAskedFor() {
    Report report = evaluate(dense).in(WeightFormat.FLOAT32).on(facts).run(ProgressListener.NONE);
    assertEquals("float32", report.result(dense, facts.name()).weightFormat());
    assertTrue(report.standsOn().contains("computed in float32; Kerf"), report.standsOn());
  }

  @Test
  void nothingToMeasureIsAnError() {
    assertEquals(
        "nothing to evaluate: name at least one variant",
        assertThrows(IllegalArgumentException.class, () -> evaluate()).getMessage());
    assertEquals(
        "nothing to measure by: name a task, for instance .on(lama(\"facts\"))",
        assertThrows(IllegalArgumentException.class, () -> evaluate(dense).run()).getMessage());
  }

  @Test
  void aTaskForTheOtherKindOfModelIsRefused() {
    var text = Kerf.perplexity("held_out", 16, 1);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> evaluate(TinyVariants.MASKED).on(text).run(ProgressListener.NONE));
    assertTrue(error.getMessage().contains("asks a causal language model"), error.getMessage());
  }

  @Test
  void anEncoderDecoderIsRefusedWhereATaskDoesNotAskIt() {
    Variant both = Kerf.load(TinyVariants.folder(Family.Kind.ENCODER_DECODER));
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> evaluate(both).on(Kerf.perplexity("held_out", 16, 1)).run(ProgressListener.NONE));
    assertEquals(
        "task held_out asks a causal language model, and "
            + both.lineage().name()
            + " (t5) is an encoder-decoder model; an encoder-decoder model answers LAMA's tasks and"
            + " multiple choice",
        error.getMessage());
  }

  @Test
  void anEncoderDecoderAnswersTheFactsItWasTaughtAsItWasTaught() {
    Variant taught = Kerf.load(Path.of("datasets/models/facts-t5"));
    var some = Kerf.lama(5, "facts");
    Report report = evaluate(taught).on(some.instructed("")).run(ProgressListener.NONE);
    TaskResult result = report.result(taught, "facts");
    assertEquals("''", result.settings().get("instruction"));
    assertTrue(result.headline().value() > 0.9, () -> "P@1 " + result.headline().value());
    // Of the paper's instruction it knows no word.
    Report instructed = evaluate(taught).on(some).run(ProgressListener.NONE);
    assertTrue(instructed.result(taught, "facts").headline().value() < 0.5);
  }

  @Test
  void anEncoderDecoderAnswersMultipleChoice() {
    Variant both = Kerf.load(TinyVariants.folder(Family.Kind.ENCODER_DECODER));
    Report report = evaluate(both).on(Kerf.task("questions", 3)).run(ProgressListener.NONE);
    assertEquals(3, report.result(both, "questions").outcomes().size());
  }

  /** Counts what it is told. */
  private static final class Counter implements ProgressListener {
    private long total;
    private long done;
    private boolean closed;

    @Override
    public Progress start(String label, long all, String unit) {
      total += all;
      return new Progress() {
        @Override
        public void advance(long units) {
          done += units;
        }

        @Override
        public void close() {
          closed = true;
        }
      };
    }
  }

  /** Counts how often its documents are read. */
  private static final class CountingTask implements Task {
    private final Task task;
    private int reads;

    CountingTask(Task task) {
      this.task = task;
    }

    @Override
    public Documents documents(Model model) {
      reads++;
      return task.documents(model);
    }

    @Override
    public String name() {
      return task.name();
    }

    @Override
    public String version() {
      return task.version();
    }

    @Override
    public Set<Family.Kind> kinds() {
      return task.kinds();
    }

    @Override
    public List<DataFile> data() {
      return task.data();
    }

    @Override
    public Map<String, String> settings() {
      return task.settings();
    }

    @Override
    public List<Metric> metrics() {
      return task.metrics();
    }
  }
}
