package io.kerf.bench;

import io.kerf.engine.Libtorch;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Metrics;
import io.kerf.eval.TaskResult;
import io.kerf.eval.harness.ChoiceOutcome;
import io.kerf.eval.harness.ChoiceQuestion;
import io.kerf.eval.harness.HarnessTask;
import io.kerf.progress.ProgressListener;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Multiple choice with and without the evaluator's plan: choices that share a context, computed
 * with the context once, against every choice alone with its context before it. The texts are drawn
 * words: how fast a model computes does not depend on what it reads.
 */
final class Plans {
  private static final int QUESTIONS = 5;
  private static final int CHOICES = 4;
  private static final int CONTEXT_TOKENS = 80;
  private static final int LONGEST_CHOICE = 6;
  private static final String[] WORDS =
      ("the old saw turns wood into dust and what is left of each board is smaller than it was"
              + " before so a good hand cuts once after it has measured two times")
          .split(" ");

  private record Case(int threads, WeightFormat format) {}

  private final Sessions sessions;
  private final HarnessTask task;
  private final Map<Case, Samples> planned = new LinkedHashMap<>();
  private final Map<Case, Samples> unplanned = new LinkedHashMap<>();
  private final Map<Case, Double> differences = new LinkedHashMap<>();
  private TaskResult result; // of the plan, for what it holds

  Plans(Sessions sessions) {
    this.sessions = sessions;
    this.task = task(sessions.model().tokenizer());
  }

  /** The questions of drawn words. */
  static HarnessTask task(Tokenizer tokenizer) {
    List<ChoiceQuestion> questions = questions(tokenizer);
    return new HarnessTask(
        "drawn words",
        "1",
        List.of(),
        Map.of(),
        List.of(Metrics.mean("acc")),
        model -> List.copyOf(questions));
  }

  private static List<ChoiceQuestion> questions(Tokenizer tokenizer) {
    Random random = new Random(0);
    List<ChoiceQuestion> questions = new ArrayList<>();
    for (int q = 0; q < QUESTIONS; q++) {
      StringBuilder context = new StringBuilder(draw(random));
      while (tokenizer.encode(context.toString(), false).length < CONTEXT_TOKENS) {
        context.append(' ').append(draw(random));
      }
      List<String> choices = new ArrayList<>();
      for (int c = 0; c < CHOICES; c++) {
        StringBuilder choice = new StringBuilder(draw(random));
        for (int more = random.nextInt(LONGEST_CHOICE); more > 0; more--) {
          choice.append(' ').append(draw(random));
        }
        choices.add(choice.toString());
      }
      questions.add(ChoiceQuestion.of("" + q, context.toString(), choices, 0));
    }
    return questions;
  }

  private static String draw(Random random) {
    return WORDS[random.nextInt(WORDS.length)];
  }

  /** Measures both once in every format. */
  void round(int threads, int round) {
    Libtorch.threads(threads);
    Evaluator evaluator = Evaluator.with(ProgressListener.NONE);
    for (WeightFormat format : sessions.inTurn(round)) {
      Case at = new Case(threads, format);
      result = timed(evaluator, at, planned);
      TaskResult alone = timed(evaluator.unplanned(), at, unplanned);
      differences.merge(at, difference(result, alone), Math::max);
    }
  }

  private TaskResult timed(Evaluator evaluator, Case at, Map<Case, Samples> into) {
    long start = System.nanoTime();
    TaskResult found = evaluator.run(sessions.in(at.format), task);
    double seconds = (System.nanoTime() - start) * 1e-9;
    into.computeIfAbsent(at, any -> new Samples()).add(seconds);
    return found;
  }

  static double difference(TaskResult one, TaskResult other) {
    double most = 0;
    for (int q = 0; q < one.outcomes().size(); q++) {
      var answers = ((ChoiceOutcome) one.outcomes().get(q)).answers();
      var others = ((ChoiceOutcome) other.outcomes().get(q)).answers();
      for (int c = 0; c < answers.size(); c++) {
        double apart = answers.get(c).logLikelihood() - others.get(c).logLikelihood();
        most = Math.max(most, Math.abs(apart));
      }
    }
    return most;
  }

  /** Times of both, the ratio, and how far the scores are apart. */
  Table table(Limits limits) {
    Table table =
        new Table(
                "%d questions of %d choices that share %d tokens, planned (%d tokens) and not (%d)"
                    .formatted(
                        QUESTIONS,
                        CHOICES,
                        CONTEXT_TOKENS,
                        result.work().plannedTokens(),
                        result.work().unplannedTokens()))
            .column("threads", "%d")
            .column("weights")
            .column("unplanned s", "%.3f")
            .column("planned s", "%.3f")
            .column("times faster", "%.2f")
            .column("planned: share of arithmetic limit", "%.2f")
            .column("max |difference|", "%.1e");
    double operations = result.work().plannedFlops();
    planned.forEach(
        (at, seconds) ->
            table.row(
                at.threads,
                at.format.label(),
                unplanned.get(at).median(),
                seconds.median(),
                seconds.timesFasterThan(unplanned.get(at)),
                operations / seconds.median() / limits.rate(Limit.of(at.format), at.threads),
                differences.get(at)));
    return table;
  }
}
