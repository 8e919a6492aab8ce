package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.TokenTree;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CausalPlanTest {
  private static Tokens run(int first, int count) {
    int[] ids = new int[count];
    Arrays.setAll(ids, i -> first + i);
    return Tokens.of(ids);
  }

  private static Span span(Tokens context, int... scored) {
    return new Span(context, Tokens.of(scored));
  }

  /** "K40" a beginning of 40 tokens, "B20" a batch of 20, "F" one given back. */
  private static List<String> shape(CausalPlan plan) {
    List<String> shape = new ArrayList<>();
    for (CausalPlan.Step step : plan.steps()) {
      if (step instanceof CausalPlan.Keep keep) {
        shape.add("K" + keep.tokens());
      } else {
        shape.add(step instanceof CausalPlan.Batch ? "B" + step.tokens() : "F");
      }
    }
    return shape;
  }

  @Test
  void aPreambleOfMoreSpansThanFitABatchIsComputedOnce() {
    List<Span> spans = new ArrayList<>();
    for (int s = 0; s < 20; s++) {
      spans.add(span(run(0, 40).then(run(100 * (s + 1), 10)), 7));
    }
    assertEquals(List.of("K40", "B100", "B100", "F"), shape(CausalPlan.of(spans, 100, true)));
    // Trees of three, which would each compute it again.
    assertEquals(7 * 40 + 20 * 10, tokens(CausalPlan.of(spans, 75, false)));
  }

  @Test
  void whatFitsABatchIsOneTree() {
    List<Span> spans =
        List.of(span(run(0, 40), 1, 2, 3), span(run(0, 40), 1, 4, 5), span(run(0, 41), 3));
    assertEquals(List.of("B44"), shape(CausalPlan.of(spans, 100, true)));
  }

  @Test
  void nothingIsKeptWhereLittleIsShared() {
    List<Span> spans = new ArrayList<>();
    for (int s = 0; s < 50; s++) {
      Tokens question = run(0, 3).then(run(100 * (s + 1), 40));
      spans.add(span(question, 1, 2));
      spans.add(span(question, 3, 4));
    }
    CausalPlan plan = CausalPlan.of(spans, 100, true);
    assertEquals(Collections.nCopies(25, "B90"), shape(plan));
  }

  @Test
  void aDocumentAfterAPreambleExtendsIt() {
    List<Span> spans = new ArrayList<>();
    for (int d = 0; d < 3; d++) {
      Tokens document = run(0, 20).then(run(1000 * (d + 1), 60));
      for (int q = 0; q < 12; q++) {
        spans.add(span(document.then(run(20_000 + 100 * q, 10)), 7));
      }
    }
    // No document's keys and values stay when the next one's are computed.
    assertEquals(
        List.of(
            "K20", "K60", "B100", "B20", "F", "K60", "B100", "B20", "F", "K60", "B100", "B20", "F",
            "F"),
        shape(CausalPlan.of(spans, 100, true)));
  }

  @Test
  void whatIsScoredWithinABeginningIsComputedWithoutIt() {
    List<Span> spans = new ArrayList<>();
    Tokens shots = run(0, 40);
    spans.add(new Span(shots.slice(0, 10), shots.slice(10, 40))); // scores the shots themselves
    spans.add(span(shots, 5)); // reads the shots alone: their last token is where it is scored
    for (int s = 0; s < 20; s++) {
      spans.add(span(shots.then(run(100 * (s + 1), 10)), 7));
    }
    CausalPlan plan = CausalPlan.of(spans, 100, true);
    checkRuns(plan, spans);
    assertEquals(1, plan.steps().stream().filter(s -> s instanceof CausalPlan.Keep).count());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 40, 100, 512, 100_000})
  void everySpanIsAnsweredOnceAndWhatIsKeptIsOneSequence(int batchTokens) {
    for (int seed = 0; seed < 30; seed++) {
      List<Span> spans = family(new Random(seed));
      CausalPlan plan = CausalPlan.of(spans, batchTokens, true);
      checkRuns(plan, spans);
      assertTrue(tokens(plan) <= tokens(CausalPlan.of(spans, batchTokens, false)), "seed " + seed);
    }
  }

  /** Spans that share beginnings of beginnings, as few-shot prompts of many documents do. */
  private static List<Span> family(Random random) {
    List<Tokens> known = new ArrayList<>(List.of(run(1, 30)));
    List<Span> spans = new ArrayList<>();
    while (spans.size() < 120) {
      Tokens from = known.get(random.nextInt(known.size()));
      Tokens begun = from.slice(0, 1 + random.nextInt(from.size()));
      int[] more = random.ints(1 + random.nextInt(40), 0, 3).toArray();
      Tokens all = begun.then(Tokens.of(more));
      known.add(all);
      int context = 1 + random.nextInt(all.size());
      Span span =
          new Span(all.slice(0, context), all.from(context).then(Tokens.of(random.nextInt(3))));
      if (!spans.contains(span)) {
        spans.add(span);
      }
    }
    return spans;
  }

  private static int tokens(CausalPlan plan) {
    return plan.steps().stream().mapToInt(CausalPlan.Step::tokens).sum();
  }

  /** Goes through the steps as they would run. */
  private static void checkRuns(CausalPlan plan, List<Span> spans) {
    int[] answered = new int[spans.size()];
    int longest = spans.stream().mapToInt(s -> s.inputs().size()).max().orElse(0);
    Deque<Beginning> kept = new ArrayDeque<>();
    for (CausalPlan.Step step : plan.steps()) {
      if (step instanceof CausalPlan.Keep keep) {
        assertEquals(kept.peek(), keep.beginning().before());
        kept.push(keep.beginning());
      } else if (step instanceof CausalPlan.Free free) {
        assertEquals(kept.pop(), free.beginning());
      } else if (step instanceof CausalPlan.Batch batch) {
        assertEquals(kept.peek(), batch.after());
        check(batch, spans);
        batch.spans().forEach(s -> answered[s]++);
      }
      assertTrue(kept.stream().mapToInt(b -> b.own().size()).sum() < Math.max(1, longest));
    }
    assertTrue(kept.isEmpty());
    assertTrue(Arrays.stream(answered).allMatch(times -> times == 1), Arrays.toString(answered));
  }

  /** Every target follows exactly what its span reads before it. */
  private static void check(CausalPlan.Batch batch, List<Span> spans) {
    int target = 0;
    for (int s : batch.spans()) {
      Span span = spans.get(s);
      for (int t = 0; t < span.scored().size(); t++, target++) {
        var at = batch.targets().get(target);
        TokenTree tree = batch.trees().get(at.tree());
        Tokens read = Tokens.NONE;
        for (int node = at.node(); node >= 0; node = tree.parent(node)) {
          read = Tokens.of(tree.token(node)).then(read);
        }
        for (Beginning b = batch.after(); b != null; b = b.before()) {
          read = b.own().then(read);
        }
        assertEquals(span.context().then(span.scored().slice(0, t)), read);
        assertEquals(span.scored().at(t), at.token());
      }
    }
  }

  @Test
  void theDataOrderIsKeptButForWhatFillsBatches() {
    Random random = new Random(1);
    List<Span> spans = new ArrayList<>();
    for (int s = 0; s < 4000; s++) {
      spans.add(
          span(
              run(0, 30).then(Tokens.of(random.ints(20 + random.nextInt(20), 50, 5000).toArray())),
              7));
    }
    boolean[] done = new boolean[spans.size()];
    int count = 0;
    for (CausalPlan.Step step : CausalPlan.of(spans, 200, true).steps()) {
      if (step instanceof CausalPlan.Batch batch) {
        batch.spans().forEach(s -> done[s] = true);
        count += batch.spans().size();
        int whole = 0;
        while (whole < done.length && done[whole]) {
          whole++;
        }
        // 32 batches of at most ten spans are packed at a time.
        assertTrue(whole >= count - 320, whole + " of " + count);
      }
    }
    assertEquals(spans.size(), count);
  }
}
