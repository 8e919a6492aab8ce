package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.EncoderDecoderSession;
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

  private final Model both = FakeModels.model(Family.T5, new CharacterTokenizer(false), 40);

  private static RequestsTask ask(Request... requests) {
    return new RequestsTask(Family.Kind.CAUSAL, List.of(requests));
  }

  private TaskResult run(Evaluator evaluator, RequestsTask task) {
    return evaluator.run(causal, FakeModels.scorer(), "fake", task);
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
        FakeModels.scorer(batch -> sizes.add(batch.stream().mapToInt(TokenTree::size).sum()));
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

  /** Forty letters that all requests begin with, and one word each. */
  private static List<Request> fewShot(int count) {
    List<Request> requests = new ArrayList<>();
    String shots = "abcdefghij".repeat(4);
    for (int r = 0; r < count; r++) {
      requests.add(new LogLikelihood(shots + (char) ('a' + r % 26) + r, " x"));
    }
    return requests;
  }

  @Test
  void computesAPreambleOnceForAllBatches() {
    Model roomy = FakeModels.model(Family.LLAMA, new CharacterTokenizer(true), 100);
    RequestsTask task = new RequestsTask(Family.Kind.CAUSAL, fewShot(20));
    TaskResult unplanned = QUIET.unplanned().run(roomy, FakeModels.scorer(), "fake", task);
    List<List<Integer>> open = new ArrayList<>();
    List<Integer> opened = new ArrayList<>();
    var scorer = new FakeModels.Fake(batch -> opened.add(open.get(0).size()), List.of(), open);
    TaskResult planned = QUIET.batchTokens(20).run(roomy, scorer, "fake", task);
    assertEquals(RequestsTask.answers(unplanned), RequestsTask.answers(planned));
    // bos and the shots once; then a letter and the number's digits.
    assertEquals(41 + 10 * 2 + 10 * 3, planned.work().plannedTokens());
    assertEquals(1 + 3, planned.work().batches());
    assertEquals(List.of(41, 41, 41), opened);
    assertEquals(List.of(), open);
    double pairs = 41 * 42 / 2 + 10 * (42 + 43) + 10 * (42 + 43 + 44);
    double head = 2.0 * 4 * CharacterTokenizer.VOCABULARY;
    assertEquals(32 * 91 + 16 * pairs + 20 * head, planned.work().plannedFlops());
  }

  @Test
  void givesKeptPreamblesBackWhenInterrupted() {
    Model roomy = FakeModels.model(Family.LLAMA, new CharacterTokenizer(true), 100);
    List<List<Integer>> open = new ArrayList<>();
    var interrupting =
        new FakeModels.Fake(batch -> Thread.currentThread().interrupt(), List.of(), open);
    TaskResult result =
        QUIET
            .batchTokens(20)
            .run(roomy, interrupting, "fake", new RequestsTask(Family.Kind.CAUSAL, fewShot(200)));
    assertFalse(result.complete());
    assertTrue(result.outcomes().size() > 0);
    assertEquals(List.of(), open);
    assertFalse(Thread.interrupted());
  }

  @Test
  void choicesOfOneTokenTakeOneForwardOfTheirContext() {
    List<Integer> sizes = new ArrayList<>();
    TaskResult result =
        QUIET.run(
            causal,
            FakeModels.scorer(batch -> batch.forEach(tree -> sizes.add(tree.size()))),
            "fake",
            ask(
                new LogLikelihood("abcdefgh", " a"),
                new LogLikelihood("abcdefgh", " b"),
                new LogLikelihood("abcdefgh", " c"),
                new LogLikelihood("abcdefgh", " d")));
    for (Answer answer : RequestsTask.answers(result)) {
      assertEquals(1, ((Answer.Likelihood) answer).tokens());
    }
    assertEquals(List.of(9), sizes);
    double head = 2.0 * 4 * CharacterTokenizer.VOCABULARY;
    assertEquals(9 * 32 + 16 * 45 + head, result.work().plannedFlops());
    assertEquals(4, result.work().distinctRequests());
  }

  @Test
  void keepsTheDocumentsThatWereCompleteWhenInterrupted() {
    List<Request> requests = new ArrayList<>();
    for (char c = 'a'; c <= 'z'; c++) {
      requests.add(new LogLikelihood(String.valueOf(c).repeat(20), " x"));
    }
    TokenScorer interrupting = FakeModels.scorer(batch -> Thread.currentThread().interrupt());
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
    Place place = new Place.Masked(ids, Tokens.of(new int[ids.size()]), mask);
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
                    new Request.Cloze(place, 10, Tokens.of(12), some),
                    new Request.Cloze(place, 12, Tokens.NONE, some))));
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
  void readsWhatCausalModelsPutAtAPlaceOnceForAllThatIsAskedThere() {
    List<TokenTree> computed = new ArrayList<>();
    Place place = new Place.After(Tokens.of(1, 5, 6));
    Place further = new Place.After(Tokens.of(1, 5, 6, 7));
    Candidates all = Candidates.full(CharacterTokenizer.VOCABULARY);
    List<Request> clozes =
        List.of(
            new Request.Cloze(place, 10, Tokens.NONE, all),
            new Request.Cloze(further, 11, Tokens.NONE, all),
            new Request.Cloze(place, 12, Tokens.of(10), all));
    RequestsTask task = new RequestsTask(Family.Kind.CAUSAL, clozes);
    TaskResult planned = QUIET.run(causal, FakeModels.scorer(computed::addAll), "fake", task);
    assertEquals(List.of(4), computed.stream().map(TokenTree::size).toList());
    assertEquals(3 + 4 + 3, planned.work().unplannedTokens());
    TaskResult alone = run(QUIET.unplanned(), task);
    assertEquals(RequestsTask.answers(alone), RequestsTask.answers(planned));
    double lower = ((Answer.Cloze) RequestsTask.answers(planned).get(0)).logProbability();
    double higher = ((Answer.Cloze) RequestsTask.answers(planned).get(2)).logProbability();
    assertEquals(lower > higher, rank(planned, 0) < rank(planned, 2));
  }

  private static int rank(TaskResult result, int request) {
    return ((Answer.Cloze) RequestsTask.answers(result).get(request)).rank();
  }

  @Test
  void encodesAContextOnceForAllThatFollowsIt() {
    List<EncoderDecoderSession.Input> computed = new ArrayList<>();
    List<Request> requests =
        List.of(
            new LogLikelihood("context", "a"),
            new LogLikelihood("context", "b"),
            new LogLikelihood("context", "bcd"),
            new LogLikelihood("context", "x y"));
    RequestsTask task = new RequestsTask(Family.Kind.ENCODER_DECODER, requests);
    TaskResult planned = QUIET.run(both, FakeModels.cross(computed::addAll), "fake", task);
    // What is read before "a" and "b" alone is the start token, with which "bcd" begins too.
    assertEquals(2, computed.size());
    assertEquals(7 + 3 + 2, planned.work().plannedTokens());
    assertEquals(4 * 7 + 1 + 1 + 3 + 2, planned.work().unplannedTokens());
    TaskResult alone = QUIET.unplanned().run(both, FakeModels.cross(b -> {}), "fake", task);
    assertEquals(RequestsTask.answers(alone), RequestsTask.answers(planned));
  }

  @Test
  void readsWhatAnEncoderDecoderPutsAtAPlace() {
    Candidates all = Candidates.full(CharacterTokenizer.VOCABULARY);
    Place first = new Place.Decoded(Tokens.of(5, 6), Tokens.NONE);
    Place second = new Place.Decoded(Tokens.of(5, 6), Tokens.of(9));
    List<Request> clozes =
        List.of(
            new Request.Cloze(first, 10, Tokens.NONE, all),
            new Request.Cloze(second, 10, Tokens.NONE, all));
    RequestsTask task = new RequestsTask(Family.Kind.ENCODER_DECODER, clozes);
    TaskResult planned = QUIET.run(both, FakeModels.cross(b -> {}), "fake", task);
    assertEquals(2 + 2, planned.work().plannedTokens());
    TaskResult alone = QUIET.unplanned().run(both, FakeModels.cross(b -> {}), "fake", task);
    assertEquals(RequestsTask.answers(alone), RequestsTask.answers(planned));
    assertTrue(rank(planned, 0) != rank(planned, 1));
  }

  @Test
  void anEncoderDecoderHasNoLikelihoodOfAWholeText() {
    var task = new RequestsTask(Family.Kind.ENCODER_DECODER, List.of(new Rolling("abc")));
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> QUIET.run(both, FakeModels.cross(b -> {}), "fake", task));
    assertEquals(
        "toy is an encoder-decoder model, which has no likelihood of a whole text: ask it for"
            + " continuations of a context",
        error.getMessage());
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
