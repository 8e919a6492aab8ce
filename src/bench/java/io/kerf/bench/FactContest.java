package io.kerf.bench;

import io.kerf.engine.EncoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Candidates;
import io.kerf.eval.Document;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Place;
import io.kerf.eval.Request;
import io.kerf.eval.TaskResult;
import io.kerf.eval.lama.FactOutcome;
import io.kerf.eval.lama.LamaTask;
import io.kerf.json.Json;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One corpus of facts as several probe it: their times, and what they say. */
final class FactContest {
  /** A way to probe: whose, and in which arithmetic. */
  private record Entrant(String whose, String weights) {}

  /**
   * What an entrant found, fact by fact.
   *
   * @param operations of its plan; NaN where that is not known
   * @param limit what bounds it; null where that is not known
   */
  private record Found(
      double[] logProbabilities, int[] ranks, int[] all, double operations, Limit limit) {
    double precision() {
      return (double) Arrays.stream(ranks).filter(rank -> rank == 1).count() / ranks.length;
    }
  }

  private static final Entrant PEER = new Entrant("plain loop", "float32");
  private static final Entrant OWN = new Entrant("Kerf", WeightFormat.FLOAT32_PACKED.label());

  private final LamaTask task;
  private final Path file; // the facts, for the peer
  private final Candidates candidates;
  private final int facts;
  private final Map<Entrant, Samples> seconds = new LinkedHashMap<>();
  private final Map<Entrant, Found> found = new LinkedHashMap<>();

  /**
   * Prepares a corpus.
   *
   * @param folder that the facts go into for the peer, as ids
   */
  FactContest(LamaTask task, Model model, Path folder) throws IOException {
    this.task = task;
    List<Document> documents = task.documents(model).kept();
    this.facts = documents.size();
    List<String> lines = new ArrayList<>();
    Candidates among = null;
    for (Document document : documents) {
      Request.Cloze cloze = (Request.Cloze) document.requests().get(0);
      Place.Masked place = (Place.Masked) cloze.place();
      among = cloze.candidates();
      lines.add(
          Json.write(
              Map.of(
                  "ids", list(place.ids().toArray()),
                  "segments", list(place.segments().toArray()),
                  "position", place.position(),
                  "object", cloze.object())));
    }
    this.candidates = among;
    this.file = Files.createDirectories(folder).resolve(task.name().replace('/', '-') + ".jsonl");
    Files.write(file, lines);
  }

  private static List<Integer> list(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  /** Kerf probes: from rows of text to ranks. */
  void kerf(EncoderSession session) {
    long start = System.nanoTime();
    TaskResult result = Evaluator.with(ProgressListener.NONE).run(session, task);
    double time = (System.nanoTime() - start) * 1e-9;
    List<FactOutcome> outcomes = result.outcomes().stream().map(FactOutcome.class::cast).toList();
    add(
        new Entrant("Kerf", session.format().label()),
        time,
        new Found(
            outcomes.stream().mapToDouble(FactOutcome::logProbability).toArray(),
            outcomes.stream().mapToInt(FactOutcome::rank).toArray(),
            outcomes.stream().mapToInt(FactOutcome::rankInVocabulary).toArray(),
            result.work().plannedFlops(),
            Limit.of(session.format())));
  }

  /** The plain loop probes; its seconds are without reading the facts. */
  void peer(LinePeer peer) {
    Json answer =
        peer.ask(
            Map.of(
                "file", file.toAbsolutePath().toString(),
                "candidates", list(candidates.toArray())));
    add(
        PEER,
        answer.at("seconds").number(),
        new Found(
            answer.at("log_probabilities").items().stream().mapToDouble(Json::number).toArray(),
            answer.at("ranks").integers(),
            answer.at("ranks_in_vocabulary").integers(),
            Double.NaN,
            null));
  }

  private void add(Entrant entrant, double time, Found what) {
    seconds.computeIfAbsent(entrant, any -> new Samples()).add(time);
    found.put(entrant, what);
  }

  /** What came of it. */
  Table table(Limits limits, int threads) {
    Entrant reference = found.containsKey(PEER) ? PEER : OWN;
    Found right = found.get(reference);
    Table table =
        new Table(
                "%s: %d facts among %s, %d threads each; differences from %s %s"
                    .formatted(
                        task.name(),
                        facts,
                        candidates,
                        threads,
                        reference.whose,
                        reference.weights))
            .column("by")
            .column("weights")
            .column("s", "%.2f")
            .column("facts/s", "%.1f")
            .column("x plain loop", "%.2f")
            .column("x Kerf float32", "%.2f")
            .column("share of arithmetic limit", "%.2f")
            .column("max |log-probability difference|", "%.1e")
            .column("other ranks", "%d")
            .column("other ranks in vocabulary", "%d")
            .column("P@1", "%.4f")
            .column("P@1 lost", "%.4f");
    seconds.forEach(
        (entrant, times) -> {
          Found here = found.get(entrant);
          table.row(
              entrant.whose,
              entrant.weights,
              times.median(),
              facts / times.median(),
              times.timesFasterThan(seconds.getOrDefault(PEER, new Samples())),
              times.timesFasterThan(seconds.get(OWN)),
              here.limit == null
                  ? null
                  : here.operations / times.median() / limits.rate(here.limit, threads),
              apart(here.logProbabilities, right.logProbabilities),
              others(here.ranks, right.ranks),
              others(here.all, right.all),
              here.precision(),
              right.precision() - here.precision());
        });
    return table;
  }

  private static double apart(double[] some, double[] others) {
    double most = 0;
    for (int i = 0; i < some.length; i++) {
      most = Math.max(most, Math.abs(some[i] - others[i]));
    }
    return most;
  }

  private static int others(int[] some, int[] others) {
    int count = 0;
    for (int i = 0; i < some.length; i++) {
      count += some[i] == others[i] ? 0 : 1;
    }
    return count;
  }
}
