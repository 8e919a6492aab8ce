package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.TokenTree;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.Request.Rolling;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final Evaluator QUIET = Evaluator.with(ProgressListener.NONE);

  private final Model causal = FakeModels.model(Family.LLAMA, new CharacterTokenizer(true), 40);
  private final Model masked = FakeModels.model(Family.BERT, new CharacterTokenizer(false), 40);

  private static RequestsTask ask(Request... requests) {
    return new RequestsTask(Family.Kind.CAUSAL, List.of(requests));
  }

  private TaskResult run(Evaluator evaluator, RequestsTask task) {
    return evaluator.run(causal, FakeModels::score, "fake", task);
  }

  @Test
  void computesASharedContextOnce() {
    TaskResult result =
        run(
            QUIET,
            ask(
                new LogLikelihood("abcdefgh", " xy"),
                new LogLikelihood("abcdefgh", " xz"),
                new LogLikelihood("abcdefgh", " w")));
    // bos, eight letters, and " x" which two of the choices read; last tokens are never read.
    assertEquals(10, result.work().plannedTokens());
    assertEquals(10 + 10 + 9, result.work().unplannedTokens());
    assertEquals(1, result.work().batches());
  }

  @Test
  void computesEqualRequestsOnce() {
    Request request = new LogLikelihood("abc", " d");
    TaskResult result = run(QUIET, ask(request, request, request));
    assertEquals(3, result.work().requests());
    assertEquals(1, result.work().distinctRequests());
    assertEquals(4, result.work().plannedTokens());
    assertEquals(3, result.outcomes().size());
  }

  @Test
  void countsTheArithmeticOfAPlan() {
    TaskResult result =
        run(QUIET, ask(new LogLikelihood("ab", " c"), new LogLikelihood("ab", " d")));
    // One block with one linear layer of 4 x 4 and 2 heads of 2: 32 a token, 16 a pair.
    double head = 2.0 * 4 * CharacterTokenizer.VOCABULARY;
    double sequence = 3 * 32 + 16 * (1 + 2 + 3);
    assertEquals(sequence + head, result.work().plannedFlops());
    assertEquals(2 * (sequence + head), result.work().unplannedFlops());
  }

  @Test
  void givesTheSameScoresPlannedOrNotWhateverTheBatch() {
    List<Request> requests = manyRequests(new Random(5));
    RequestsTask task = new RequestsTask(Family.Kind.CAUSAL, requests);
    TaskResult unplanned = run(QUIET.unplanned(), task);
    assertEquals(unplanned.work().distinctRequests() > 0, true);
    for (int batchTokens : new int[] {1, 7, 64, 512, 100_000}) {
      TaskResult planned = run(QUIET.batchTokens(batchTokens), task);
      assertEquals(RequestsTask.answers(unplanned), RequestsTask.answers(planned));
      assertTrue(planned.work().plannedTokens() < unplanned.work().plannedTokens());
    }
  }

  private static List<Request> manyRequests(Random random) {
    List<Request> requests = new ArrayList<>();
    for (int d = 0; d < 60; d++) {
      String context = "Question: " + letters(random, 1 + random.nextInt(30));
      for (int c = 0; c < 4; c++) {
        requests.add(new LogLikelihood(context, " " + letters(random, 1 + random.nextInt(4))));
      }
      requests.add(new Rolling(letters(random, 1 + random.nextInt(200))));
    }
    return requests;
  }

  private static String letters(Random random, int count) {
    StringBuilder text = new StringBuilder();
    random.ints(count, 'a', 'd').forEach(c -> text.append((char) c));
    return text.toString();
  }

  @Test
  void keepsBatchesWithinTheirBoundButForLongSequences() {
    List<Integer> sizes = new ArrayList<>();
    TokenScorer watched =
        (batch, targets) -> {
          sizes.add(batch.stream().mapToInt(TokenTree::size).sum());
          return FakeModels.score(batch, targets);
        };
    QUIET
        .batchTokens(100)
        .run(
            causal,
            watched,
            "fake",
            new RequestsTask(Family.Kind.CAUSAL, manyRequests(new Random(6))));
    assertTrue(sizes.stream().allMatch(s -> s <= 100), sizes::toString);
    // All but the last few batches are nearly full.
    assertTrue(sizes.stream().mapToInt(s -> s).average().orElseThrow() > 80, sizes::toString);
  }

  @Test
  void keepsTheDocumentsThatWereCompleteWhenInterrupted() {
    List<Request> requests = new ArrayList<>();
    for (char c = 'a'; c <= 'z'; c++) {
      requests.add(new LogLikelihood(String.valueOf(c).repeat(20), " x"));
    }
    TokenScorer interrupting =
        (batch, targets) -> {
          Thread.currentThread().interrupt();
          return FakeModels.score(batch, targets);
        };
    TaskResult result =
        QUIET
            .batchTokens(50)
            .run(causal, interrupting, "fake", new RequestsTask(Family.Kind.CAUSAL, requests));
    assertFalse(result.complete());
    assertEquals(2, result.outcomes().size());
    assertEquals(26, result.documents());
    assertEquals(2, result.measure("ll").samples());
    assertEquals(42, result.work().computedTokens());
    assertFalse(Thread.interrupted());
  }

  @Test
  void tellsProgressInTokens() {
    long[] seen = new long[2];
    ProgressListener listener =
        (label, total, unit) -> {
          seen[0] = total;
          assertEquals("tokens", unit);
          return units -> seen[1] += units;
        };
    TaskResult result =
        run(Evaluator.with(listener), ask(new LogLikelihood("abc", " d"), new Rolling("abc")));
    assertEquals(result.work().plannedTokens(), seen[0]);
    assertEquals(seen[0], seen[1]);
  }

  @Test
  void computesEqualPromptsOnceAndRanksAmongCandidates() {
    Tokens ids = Tokens.of(new CharacterTokenizer(false).encode("ab[MASK].", true));
    int mask = 2;
    assertEquals(CharacterTokenizer.MASK, ids.at(mask));
    Tokens segments = Tokens.of(new int[ids.size()]);
    Candidates some = Candidates.of("some", 10, 11, 12);
    float[] row = new float[CharacterTokenizer.VOCABULARY];
    row[10] = 1;
    row[11] = 3;
    row[12] = 2;
    row[13] = 4;
    List<Integer> batches = new ArrayList<>();
    MaskScorer scorer =
        batch -> {
          batches.add(batch.size());
          return new float[][] {row};
        };
    TaskResult result =
        QUIET.run(
            masked,
            scorer,
            "fake",
            new RequestsTask(
                Family.Kind.MASKED,
                List.of(
                    new Request.Cloze(ids, segments, mask, 10, Tokens.of(12), some),
                    new Request.Cloze(ids, segments, mask, 12, Tokens.NONE, some))));
    assertEquals(List.of(1), batches);
    assertEquals(ids.size(), result.work().plannedTokens());
    assertEquals(2L * ids.size(), result.work().unplannedTokens());
    var first = (Answer.Cloze) RequestsTask.answers(result).get(0);
    assertEquals(3, first.rank()); // behind 11 and 12
    assertEquals(2, first.rankAmongWrong()); // 12 is right too
    assertEquals(4, first.rankInVocabulary()); // behind 11, 12 and 13
    double sum = Math.exp(1) + Math.exp(3) + Math.exp(2) + Math.exp(4) + row.length - 4;
    assertEquals(1 - Math.log(sum), first.logProbability(), 1e-12);
    assertEquals(
        List.of(13, 11, 12, 10), first.top().stream().map(Answer.Guess::token).limit(4).toList());
    assertEquals(10, first.top().size());
  }

  @Test
  void namesTheKindOfModelATaskNeeds() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> QUIET.run(masked, FakeModels::logits, "fake", ask(new Rolling("a"))));
    assertEquals(
        "task requests asks a causal language model, and toy (bert) is a masked language"
            + " model; a masked model answers LAMA's tasks",
        error.getMessage());
  }

  @Test
  void namesTheMetricThatWasMeant() {
    TaskResult result = run(QUIET, ask(new Rolling("abc")));
    var error = assertThrows(IllegalArgumentException.class, () -> result.measure("l"));
    assertTrue(error.getMessage().contains("Did you mean: ll?"), error.getMessage());
  }
}
