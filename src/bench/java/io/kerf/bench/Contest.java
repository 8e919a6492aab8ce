package io.kerf.bench;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Outcome;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.TaskResult;
import io.kerf.eval.harness.ChoiceOutcome;
import io.kerf.eval.harness.ChoiceQuestion;
import io.kerf.eval.harness.HarnessTask;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One task as several evaluate it: their times, and what their scores are. */
final class Contest {
  /** A way to evaluate: whose, and in which arithmetic. */
  private record Entrant(String whose, String weights) {}

  /**
   * What an entrant found.
   *
   * @param operations of its plan; NaN where that is not known
   * @param limit what bounds it; null where that is not known
   */
  private record Found(
      Map<Peer.Request, Double> logLikelihoods,
      double accuracy,
      double accuracyNorm,
      double operations,
      Limit limit) {}

  private static final Entrant PEER = new Entrant("lm-eval", "float32");
  private static final Entrant OWN = new Entrant("Kerf", WeightFormat.FLOAT32_PACKED.label());

  private final HarnessTask task;
  private final int rows;
  private final Shots shots;
  private final int requests;
  private final Map<Entrant, Samples> seconds = new LinkedHashMap<>();
  private final Map<Entrant, Found> found = new HashMap<>();

  /**
   * A task of multiple choice.
   *
   * @param rows how many of its file's, from the first
   * @param shots that stand before every question
   */
  Contest(HarnessTask task, int rows, Shots shots, Model model) {
    this.task = shots.before(task);
    this.rows = rows;
    this.shots = shots;
    this.requests = task.documents(model).kept().stream().mapToInt(d -> d.requests().size()).sum();
  }

  /** Kerf evaluates: from rows of text to scores. */
  void kerf(DecoderSession session) {
    Entrant entrant = new Entrant("Kerf", session.format().label());
    long start = System.nanoTime();
    TaskResult result = Evaluator.with(ProgressListener.NONE).run(session, task);
    add(entrant, (System.nanoTime() - start) * 1e-9);
    Map<Peer.Request, Double> scores = new HashMap<>();
    var documents = task.documents(session.model()).kept();
    for (int d = 0; d < documents.size(); d++) {
      List<LogLikelihood> prompts = ((ChoiceQuestion) documents.get(d)).prompts();
      Outcome outcome = result.outcomes().get(d);
      for (int c = 0; c < prompts.size(); c++) {
        scores.put(
            new Peer.Request(prompts.get(c).context(), prompts.get(c).continuation()),
            ((ChoiceOutcome) outcome).answers().get(c).logLikelihood());
      }
    }
    found.put(
        entrant,
        new Found(
            scores,
            result.measure("acc").value(),
            result.measure("acc_norm").value(),
            result.work().plannedFlops(),
            Limit.of(session.format())));
  }

  /** The peer evaluates; its seconds are those of its log-likelihoods alone. */
  void peer(Peer peer, String type) {
    Entrant entrant = new Entrant("lm-eval", type);
    var file = task.data().get(0).path().toAbsolutePath();
    Peer.Answer answer = peer.evaluate(task.name(), file, rows, type, shots);
    add(entrant, answer.seconds());
    found.put(
        entrant,
        new Found(
            answer.logLikelihoods(), answer.accuracy(), answer.accuracyNorm(), Double.NaN, null));
  }

  private void add(Entrant entrant, double time) {
    seconds.computeIfAbsent(entrant, any -> new Samples()).add(time);
  }

  /** What came of it. */
  Table table(Limits limits, int threads) {
    Entrant reference = found.containsKey(PEER) ? PEER : OWN;
    Table table =
        new Table(
                "%s, %d shots: %d rows, %d requests, %d threads each; differences from %s %s"
                    .formatted(
                        task.name(),
                        shots.count(),
                        rows,
                        requests,
                        threads,
                        reference.whose,
                        reference.weights))
            .column("by")
            .column("weights")
            .column("s", "%.1f")
            .column("requests/s", "%.1f")
            .column("x lm-eval float32", "%.2f")
            .column("x Kerf float32", "%.2f")
            .column("share of arithmetic limit", "%.2f")
            .column("max |log-likelihood difference|", "%.1e")
            .column("mean", "%.1e")
            .column("acc", "%.4f")
            .column("acc lost", "%.4f")
            .column("acc_norm", "%.4f")
            .column("acc_norm lost", "%.4f");
    seconds.forEach(
        (entrant, times) -> {
          Found here = found.get(entrant);
          List<Double> apart = differences(here, found.get(reference));
          table.row(
              entrant.whose,
              entrant.weights,
              times.median(),
              requests / times.median(),
              times.timesFasterThan(seconds.getOrDefault(PEER, new Samples())),
              times.timesFasterThan(seconds.getOrDefault(OWN, new Samples())),
              here.limit == null
                  ? null
                  : here.operations / times.median() / limits.rate(here.limit, threads),
              apart.stream().mapToDouble(d -> d).max().orElse(Double.NaN),
              apart.stream().mapToDouble(d -> d).average().orElse(Double.NaN),
              here.accuracy,
              found.get(reference).accuracy - here.accuracy,
              here.accuracyNorm,
              found.get(reference).accuracyNorm - here.accuracyNorm);
        });
    return table;
  }

  private static List<Double> differences(Found one, Found other) {
    List<Double> apart = new ArrayList<>();
    one.logLikelihoods.forEach(
        (request, score) -> {
          Double theirs = other.logLikelihoods.get(request);
          if (theirs == null) {
            throw new IllegalStateException(
                "asked by one and not by the other: '"
                    + request.context()
                    + "' '"
                    + request.continuation()
                    + "'");
          }
          apart.add(Math.abs(score - theirs));
        });
    return apart;
  }
}
