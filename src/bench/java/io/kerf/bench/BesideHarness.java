package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import io.kerf.engine.Libtorch;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.DataHome;
import io.kerf.eval.Sampling;
import io.kerf.eval.harness.Harness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PIQA and ARC-Easy by Kerf and by lm-evaluation-harness on the same file and rows, in turns:
 * requests a second, ratio, share of the machine's limit, and how far the log-likelihoods are
 * apart.
 */
final class BesideHarness implements Command {
  private static final String ABSENT =
      "peer absent: lm-evaluation-harness is not installed; src/bench/peers/setup installs it, or"
          + " name the python of its environment by --peer-python or "
          + Peer.VARIABLE;

  @Override
  public String usage() {
    return """
        PIQA and ARC-Easy, beside lm-evaluation-harness where it is installed
          --model PATH         a GGUF file (smollm2-135m-instruct)
          --data FOLDER        that holds harness/piqa_validation.jsonl and harness/arc_easy_validation.jsonl
          --piqa N, --arc N    first rows (300, 200)
          --threads N          of both (2)
          --rounds N           repetitions, in turn (2)
          --peer-python FILE   of the peer's virtual environment, see src/bench/peers/setup
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "data", "piqa", "arc", "threads", "rounds", "peer-python");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    int threads = arguments.count("threads", 2);
    int rounds = arguments.count("rounds", 2);
    Models models = Models.load(arguments, report);
    List<Contest> contests = contests(arguments, models);
    Optional<Path> python = Peer.python(arguments);
    try (Limits limits = Limits.open(Bench.SOURCES, Bench.BUILD);
        Sessions sessions =
            new Sessions(
                models.model(),
                WeightFormat.FLOAT32_PACKED,
                WeightFormat.BFLOAT16,
                WeightFormat.INT8_DYNAMIC);
        Peer peer = python.isPresent() ? Peer.start(python.get(), models.path(), threads) : null) {
      Libtorch.threads(threads);
      limits.read(Moment.BEFORE, threads, 3);
      for (int round = 0; round < rounds; round++) {
        for (Contest contest : contests) {
          report.say("round " + (round + 1) + " of " + rounds);
          limits.read(Moment.BETWEEN, threads, 1);
          round(contest, sessions, round, peer);
        }
      }
      limits.read(Moment.AFTER, threads, 3);
      report.add(limits.table());
      for (Contest contest : contests) {
        Table table = contest.table(limits, threads);
        table.note(peer == null ? ABSENT : peer.versions());
        report.add(table);
      }
    }
  }

  private static List<Contest> contests(Arguments arguments, Models models) {
    DataHome usual = DataHome.usual();
    Harness harness =
        Harness.in(arguments.text("data").map(Path::of).map(usual::first).orElse(usual));
    Map<String, Integer> rows = new LinkedHashMap<>();
    rows.put("piqa", arguments.count("piqa", 300));
    rows.put("arc_easy", arguments.count("arc", 200));
    List<Contest> contests = new ArrayList<>();
    rows.forEach(
        (task, count) ->
            contests.add(
                new Contest(harness.task(task, Sampling.first(count)), count, models.model())));
    return contests;
  }

  /** Everyone evaluates the task once, Kerf and the peer in turns. */
  private static void round(Contest contest, Sessions sessions, int round, Peer peer) {
    String[] types = {"float32", "bfloat16"};
    List<WeightFormat> formats = sessions.inTurn(round);
    for (int i = 0; i < formats.size(); i++) {
      contest.kerf(sessions.in(formats.get(i)));
      if (peer != null && i < types.length) {
        contest.peer(peer, types[i]);
      }
    }
  }
}
