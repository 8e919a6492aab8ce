package io.kerf;

import static io.kerf.Kerf.evaluate;
import static io.kerf.Kerf.last;
import static io.kerf.Kerf.magnitude;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.AnswerStore;
import io.kerf.eval.Sampling;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Work;
import io.kerf.eval.harness.Perplexity;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptAnswersTest {
  @TempDir Path folder;

  private final Variant dense = TinyVariants.CAUSAL;

  /** Several batches of it. */
  static final Task TEXT =
      Perplexity.windows("text", Path.of("datasets/text/held-out.txt"), 24, Sampling.first(100));

  private Evaluation kept(Variant... variants) {
    return evaluate(variants).on(TEXT).keptIn(folder);
  }

  private static Work work(Report report, int entry) {
    return report.entries().get(entry).result().work();
  }

  private static void assertSame(Report expected, Report actual) {
    assertEquals(expected.entries().size(), actual.entries().size());
    for (int i = 0; i < expected.entries().size(); i++) {
      TaskResult want = expected.entries().get(i).result();
      TaskResult have = actual.entries().get(i).result();
      assertEquals(want.outcomes().size(), have.outcomes().size());
      for (int m = 0; m < want.measures().size(); m++) {
        double value = want.measures().get(m).value();
        assertEquals(value, have.measures().get(m).value(), 1e-5 * Math.abs(value));
      }
    }
  }

  @Test
  void whatWasAnsweredIsNotComputedAgainAndTheReportSaysSo() {
    Report first = kept(dense).run(ProgressListener.NONE);
    assertFalse(first.standsOn().contains("before"), first.standsOn());
    Report second = kept(dense).run(ProgressListener.NONE);
    assertEquals(
        first.entries().get(0).result().outcomes(), second.entries().get(0).result().outcomes());
    assertEquals(0, work(second, 0).batches());
    assertEquals(work(first, 0).computedTokens(), work(second, 0).computedTokens());
    assertEquals(work(first, 0).elapsedMillis(), work(second, 0).elapsedMillis());
    long all = work(second, 0).requests();
    assertTrue(
        second
            .standsOn()
            .contains(
                all
                    + " of "
                    + all
                    + " requests were answered before (kept in "
                    + folder
                    + "); their tokens/s are of then"),
        second.standsOn());
  }

  @Test
  void afreshReadsAndKeepsNothing() throws Exception {
    kept(dense).run(ProgressListener.NONE);
    long size = AnswerStore.in(folder).sizeBytes();
    Report again = kept(dense).afresh().run(ProgressListener.NONE);
    assertTrue(work(again, 0).batches() > 0);
    assertEquals(0, work(again, 0).storedRequests());
    assertEquals(size, AnswerStore.in(folder).sizeBytes());
  }

  @Test
  void variantsWithEqualWeightsShareAnswers() {
    kept(dense).run(ProgressListener.NONE);
    Report same = kept(dense.prune(magnitude(0.0))).run(ProgressListener.NONE);
    assertEquals(work(same, 0).requests(), work(same, 0).storedRequests());
    Report other = kept(dense.prune(magnitude(0.5))).run(ProgressListener.NONE);
    assertEquals(0, work(other, 0).storedRequests());
  }

  @Test
  void anInterruptLosesNothingThatWasAnswered() {
    Variant shorter = dense.dropLayers(last(1));
    Report whole = kept(dense, shorter).afresh().run(ProgressListener.NONE);
    int[] left = {3};
    Report half =
        kept(dense, shorter)
            .run(
                listening(
                    () -> {
                      if (--left[0] == 0) {
                        Thread.currentThread().interrupt();
                      }
                    }));
    assertFalse(half.complete());
    assertTrue(AnswerStore.in(folder).sizeBytes() > 0);
    Report resumed = kept(dense, shorter).run(ProgressListener.NONE);
    assertTrue(resumed.complete());
    assertSame(whole, resumed);
    long before = work(resumed, 0).storedRequests() + work(resumed, 1).storedRequests();
    assertTrue(before > 0, "what the first run answered");
    assertTrue(before < 2 * work(resumed, 0).requests());
  }

  private static ProgressListener listening(Runnable onAdvance) {
    return (label, total, unit) ->
        units -> {
          if (units > 0) {
            onAdvance.run();
          }
        };
  }

  @Test
  void aKilledProcessLosesAtMostABatch() throws Exception {
    Report whole = evaluate(dense).on(TEXT).afresh().run(ProgressListener.NONE);
    Process process = EvaluationInProcess.start(folder, 2);
    process.destroyForcibly().waitFor();
    assertTrue(AnswerStore.in(folder).sizeBytes() > 0, "two batches were answered");
    Report resumed = kept(dense).run(ProgressListener.NONE);
    assertSame(whole, resumed);
    Work work = work(resumed, 0);
    assertTrue(work.storedRequests() >= 1, work + "");
    assertTrue(work.batches() < work(whole, 0).batches(), work + "");
    assertTrue(work.batches() > 0, "it was killed in the middle: " + work);
    // Every request is in the file once.
    Report again = kept(dense).run(ProgressListener.NONE);
    assertEquals(0, work(again, 0).batches());
    assertEquals(8 + 74 * work.distinctRequests(), AnswerStore.in(folder).sizeBytes());
  }

  @Test
  void progressBeginsWithWhatIsThere() {
    kept(dense).run(ProgressListener.NONE);
    long[] seen = new long[2];
    Report second =
        kept(dense)
            .run(
                (label, total, unit) -> {
                  seen[0] = total;
                  return units -> seen[1] += units;
                });
    assertTrue(second.complete());
    assertEquals(seen[0], seen[1]);
  }

  @Test
  void variantsThatBeginAlikeRunTogetherAndSayWhatTheySayAlone() {
    Variant shorter = dense.dropLayers(last(1));
    Variant pruned = dense.prune(magnitude(0.5));
    Report together = evaluate(dense, pruned, shorter).on(TEXT).run(ProgressListener.NONE);
    assertEquals(
        List.of(dense, pruned, shorter),
        together.entries().stream().map(Report.Entry::variant).toList());
    for (Variant variant : List.of(dense, pruned, shorter)) {
      Report alone = evaluate(variant).on(TEXT).run(ProgressListener.NONE);
      double value = alone.result(variant, TEXT.name()).headline().value();
      assertEquals(value, together.result(variant, TEXT.name()).headline().value(), 1e-5 * value);
    }
    int blocks = dense.model().blocks().size();
    assertTrue(
        together
            .standsOn()
            .contains(
                "Run together: "
                    + dense.label()
                    + ", "
                    + shorter.label()
                    + ". Of their "
                    + (2 * blocks - 1)
                    + " blocks "
                    + (blocks - 1)
                    + " are others' too and were computed once; tokens/s are of each variant's own"
                    + " work, as if alone"),
        together.standsOn());
  }

  @Test
  void variantsThatRunTogetherAndMissDifferentAnswersGetAll() {
    Variant shorter = dense.dropLayers(last(1));
    kept(shorter).run(ProgressListener.NONE);
    Report both = kept(dense, shorter).run(ProgressListener.NONE);
    assertEquals(0, work(both, 0).storedRequests());
    assertEquals(work(both, 1).requests(), work(both, 1).storedRequests());
    assertSame(evaluate(dense, shorter).on(TEXT).afresh().run(ProgressListener.NONE), both);
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidInTheReport() throws Exception {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file");
    Report report = evaluate(dense).on(TEXT).keptIn(blocked).run(ProgressListener.NONE);
    assertTrue(report.complete());
    assertTrue(report.standsOn().contains("Answers are not kept: "), report.standsOn());
  }

  @Test
  void thePropertyNamesAFolderElseTheVariableElseKerfsHome() {
    Path named = folder.resolve("named");
    assertEquals(named, UserAnswers.store(named + "", "none").orElseThrow().folder());
    assertEquals(named, UserAnswers.store(" ", named + "").orElseThrow().folder());
    assertEquals(Optional.empty(), UserAnswers.store(null, "none"));
    assertTrue(UserAnswers.store(null, "").orElseThrow().folder().endsWith("answers"));
  }

  @Test
  void whereNoneAreKeptThereAreNoneToClear() {
    assertEquals("none", System.getProperty(AnswerStore.PROPERTY), "tests write into no home");
    var none = assertThrows(IllegalStateException.class, Kerf::answers);
    assertEquals(
        "no answers are kept: kerf.answers or KERF_ANSWERS is none; name a folder there, or leave"
            + " it away for one in Kerf's home",
        none.getMessage());
  }

  /** For {@link EvaluationInProcess}: tells each batch on standard output, and dawdles. */
  static Progress telling() {
    return units -> {
      if (units == 0) {
        return;
      }
      System.out.println("batch");
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }
}
