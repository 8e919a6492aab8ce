package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.Request.Rolling;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskRunTest {
  private static final int BATCH_TOKENS = 24;

  @TempDir Path folder;

  private final Model causal = FakeModels.model(Family.LLAMA, new CharacterTokenizer(true), 16);
  private final Model masked = FakeModels.model(Family.BERT, new CharacterTokenizer(false), 40);
  private final Model both = FakeModels.model(Family.T5, new CharacterTokenizer(false), 40);

  private AnswerFile file(String name) {
    return AnswerFile.open(
        folder.resolve(name),
        note -> {
          throw new AssertionError(note);
        });
  }

  private static Workload plan(Model model, List<Request> requests) {
    return switch (model.config().family().kind()) {
      case CAUSAL -> new CausalWorkload(model, FakeModels.scorer(), requests, BATCH_TOKENS);
      case MASKED -> new MaskedWorkload(model, FakeModels::logits, requests, BATCH_TOKENS);
      case ENCODER_DECODER ->
          new CrossWorkload(model, FakeModels.cross(batch -> {}), requests, BATCH_TOKENS);
    };
  }

  private static TaskRun run(Model model, Optional<AnswerFile> file, Task task) {
    BiFunction<Model, List<Request>, Workload> plans = TaskRunTest::plan;
    return new TaskRun(task, List.of(model), "fake", List.of(file), plans);
  }

  /** Computes until so many steps are done; returns the parts that were. */
  private static List<Request> compute(TaskRun run, Model model, int steps) {
    List<Request> done = new ArrayList<>();
    int[] left = {steps};
    Crew alone = Crew.of(requests -> plan(model, requests));
    Crew counted =
        new Crew() {
          @Override
          public int size() {
            return 1;
          }

          @Override
          public Workload plan(int place, List<Request> requests) {
            return alone.plan(place, requests);
          }

          @Override
          public double run(int place, Workload.Step step) {
            done.addAll(step.answered().get());
            if (--left[0] == 0) {
              Thread.currentThread().interrupt(); // seen before the next step
            }
            alone.run(place, step);
            return 2_000_000;
          }
        };
    run.compute(ProgressListener.NONE, members -> counted);
    assertFalse(Thread.interrupted() && left[0] > 0);
    return done;
  }

  private RequestsTask task(Model model) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String text = "abcdefghijklmnop".substring(i / 3, i / 3 + 5);
      Candidates some = Candidates.of("some", 5, 6, 7, 8);
      switch (model.config().family().kind()) {
        case CAUSAL -> {
          requests.add(new LogLikelihood(text, " " + (char) ('a' + i)));
          requests.add(new Rolling("a text much longer than the window " + i));
          requests.add(
              new Request.Cloze(new Place.After(Tokens.of(4, 5, 6 + i)), 5, Tokens.NONE, some));
        }
        case MASKED ->
            requests.add(
                new Request.Cloze(
                    new Place.Masked(Tokens.of(4, 3, 5 + i), Tokens.of(0, 0, 0), 1),
                    6,
                    Tokens.of(7),
                    some));
        case ENCODER_DECODER -> {
          requests.add(new LogLikelihood(text, " " + (char) ('a' + i)));
          requests.add(
              new Request.Cloze(
                  new Place.Decoded(Tokens.of(4, 5 + i), Tokens.of(6)), 5, Tokens.NONE, some));
        }
      }
    }
    requests.addAll(requests.subList(0, 3)); // some are asked twice
    return new RequestsTask(model.config().family().kind(), requests);
  }

  @Test
  void anInterruptedRunGoesOnWithWhatIsMissingAndNothingRunsTwice() {
    for (Model model : List.of(causal, masked, both)) {
      String name = model.config().family().name();
      RequestsTask task = task(model);
      TaskRun whole = run(model, Optional.empty(), task);
      compute(whole, model, Integer.MAX_VALUE);
      TaskResult expected = whole.results().get(0);

      TaskRun first = run(model, Optional.of(file(name)), task);
      List<Request> before = compute(first, model, 1);
      TaskResult half = first.results().get(0);
      assertFalse(half.complete());
      assertEquals(before.size(), file(name).size(), name); // read from the disk

      TaskRun second = run(model, Optional.of(file(name)), task);
      assertFalse(second.allKept());
      List<Request> after = compute(second, model, Integer.MAX_VALUE);
      TaskResult resumed = second.results().get(0);
      assertEquals(RequestsTask.answers(expected), RequestsTask.answers(resumed));
      Set<Request> all = new HashSet<>(before);
      all.addAll(after);
      assertEquals(before.size() + after.size(), all.size(), "a part ran twice");
      assertTrue(resumed.work().storedRequests() >= half.outcomes().size());
      assertTrue(resumed.work().storedRequests() < resumed.work().requests());

      TaskRun third = run(model, Optional.of(file(name)), task);
      assertTrue(third.allKept());
      TaskResult kept = third.results().get(0);
      assertEquals(RequestsTask.answers(expected), RequestsTask.answers(kept));
      assertEquals(kept.work().requests(), kept.work().storedRequests());
      assertEquals(0, kept.work().batches());
      assertEquals(resumed.work().computedTokens(), kept.work().computedTokens());
      assertEquals(resumed.work().elapsedMillis(), kept.work().elapsedMillis());
      assertEquals(expected.work().unplannedTokens(), kept.work().unplannedTokens());
      assertEquals(expected.work().plannedFlops(), kept.work().plannedFlops());
    }
  }

  @Test
  void aLongTextIsKeptWindowByWindow() {
    RequestsTask task =
        new RequestsTask(
            Family.Kind.CAUSAL, List.of(new Rolling("three windows of sixteen tokens or more..")));
    TaskRun first = run(causal, Optional.of(file("long")), task);
    assertEquals(1, compute(first, causal, 1).size());
    assertEquals(0, first.results().get(0).outcomes().size());
    assertEquals(1, file("long").size());
    TaskRun second = run(causal, Optional.of(file("long")), task);
    int rest = compute(second, causal, Integer.MAX_VALUE).size();
    assertTrue(rest >= 1);
    assertEquals(0, second.results().get(0).work().storedRequests()); // not the whole of it
    assertEquals(1 + rest, file("long").size());
  }

  @Test
  void timesAndTokensAreSharedOutByLengthAndAddUp() {
    TaskRun run = run(causal, Optional.of(file("times")), task(causal));
    compute(run, causal, Integer.MAX_VALUE);
    Work work = run.results().get(0).work();
    assertEquals(2L * work.batches(), work.elapsedMillis());
    assertEquals(work.plannedTokens(), work.computedTokens());
  }

  @Test
  void modelsThatMissDifferentAnswersRunApart() {
    RequestsTask task = task(causal);
    compute(run(causal, Optional.of(file("b")), task), causal, 3);
    List<Optional<AnswerFile>> files =
        List.of(Optional.of(file("a")), Optional.of(file("b")), Optional.of(file("c")));
    BiFunction<Model, List<Request>, Workload> plans = TaskRunTest::plan;
    TaskRun run = new TaskRun(task, List.of(causal, causal, causal), "fake", files, plans);
    List<List<Integer>> together = new ArrayList<>();
    Function<List<Integer>, Crew> crews =
        members -> {
          together.add(members);
          return new Crew() {
            @Override
            public int size() {
              return members.size();
            }

            @Override
            public Workload plan(int place, List<Request> requests) {
              return TaskRunTest.plan(causal, requests);
            }

            @Override
            public double run(int place, Workload.Step step) {
              step.work().run();
              return 1;
            }
          };
        };
    run.compute(ProgressListener.NONE, crews);
    assertEquals(List.of(List.of(0, 2), List.of(1)), together);
    List<TaskResult> results = run.results();
    for (TaskResult result : results) {
      assertEquals(RequestsTask.answers(results.get(0)), RequestsTask.answers(result));
    }
    assertEquals(0, results.get(2).work().storedRequests());
    assertTrue(results.get(1).work().storedRequests() > 0);
  }

  @Test
  void aKeyIsOfTheTokensAndOfWhatTheAnswerDependsOn() {
    AnswerKeys keys = new AnswerKeys();
    Place place = new Place.After(Tokens.of(1, 2));
    Candidates some = Candidates.of("some", 5, 6);
    Request cloze = new Request.Cloze(place, 5, Tokens.of(6), some);
    AnswerKey key = keys.of(cloze);
    assertEquals(key, keys.of(cloze));
    assertEquals(
        key,
        new AnswerKeys()
            .of(new Request.Cloze(place, 5, Tokens.of(6), Candidates.of("same", 6, 5))));
    List<Request> others =
        List.of(
            cloze,
            new Request.Cloze(place, 6, Tokens.of(6), some),
            new Request.Cloze(place, 5, Tokens.NONE, some),
            new Request.Cloze(place, 5, Tokens.of(6), Candidates.of("some", 5, 7)),
            new Request.Cloze(new Place.After(Tokens.of(1, 2, 3)), 5, Tokens.of(6), some),
            new Request.Cloze(
                new Place.Masked(Tokens.of(1, 2), Tokens.of(0, 0), 1), 5, Tokens.of(6), some),
            new Request.Cloze(
                new Place.Masked(Tokens.of(1, 2), Tokens.of(0, 1), 1), 5, Tokens.of(6), some),
            new Request.Cloze(
                new Place.Masked(Tokens.of(1, 2), Tokens.of(0, 0), 0), 5, Tokens.of(6), some),
            new Request.Cloze(new Place.Decoded(Tokens.of(1), Tokens.of(2)), 5, Tokens.of(6), some),
            new Request.Continuation(Tokens.of(1), Tokens.of(2)),
            new Request.Continuation(Tokens.of(1, 2), Tokens.of(3)),
            new Request.Continuation(Tokens.of(1), Tokens.of(2, 3)),
            new Request.Decoding(Tokens.of(1), Tokens.NONE, Tokens.of(2)),
            new Request.Decoding(Tokens.of(1), Tokens.of(2), Tokens.of(3)),
            new Request.Decoding(Tokens.of(1, 2), Tokens.NONE, Tokens.of(3)));
    assertEquals(others.size(), others.stream().map(keys::of).distinct().count());
    var text =
        assertThrows(IllegalArgumentException.class, () -> keys.of(new LogLikelihood("a", "b")));
    assertEquals(
        "only requests in tokens are kept, got LogLikelihood[context=a, continuation=b]",
        text.getMessage());
  }
}
