package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.Libtorch;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.DataHome;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Sampling;
import io.kerf.eval.harness.Harness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tasks of multiple choice by Kerf and by lm-evaluation-harness on the same file and rows, in
 * turns: requests a second, ratio, share of the machine's limit, how far the log-likelihoods are
 * apart, and what fewer bits cost.
 */
final class BesideHarness implements Command {
  private static final String ABSENT =
      "peer absent: lm-evaluation-harness is not installed; src/bench/peers/setup installs it, or"
          + " name the python of its environment by --peer-python or "
          + Peer.VARIABLE;

  /** Of a task its name, and after a colon how many shots stand before every question. */
  private static final String TASKS = "piqa,arc_easy,hellaswag,hellaswag:5";

  private static final String ROWS = "150,100,50,20";

  @Override
  public String usage() {
    return """
        multiple choice in every arithmetic, beside lm-evaluation-harness where it is installed
          --model PATH         a GGUF file (smollm2-135m-instruct)
          --data FOLDER        that holds harness/piqa_validation.jsonl and the others
          --tasks NAME,NAME:N  N: shots before every question (piqa,arc_easy,hellaswag,hellaswag:5)
          --rows N,N           first rows of each, or of all (150,100,50,20)
          --threads N          of both (2)
          --rounds N           repetitions, in turn (2); the peer in bfloat16 in the first alone
          --peer-python FILE   of the peer's virtual environment, see src/bench/peers/setup
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "data", "tasks", "rows", "threads", "rounds", "peer-python");
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
      sessions.inTurn(0).forEach(format -> warmUp(sessions.in(format)));
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

  /** Runs a batch, so that what happens only once is over. */
  private static void warmUp(DecoderSession session) {
    int tokens = Evaluator.DEFAULT_BATCH_TOKENS;
    session.score(
        List.of(TokenTree.chain(new int[tokens])),
        List.of(new DecoderSession.Target(0, tokens - 1, 0)));
  }

  private static List<Contest> contests(Arguments arguments, Models models) throws IOException {
    DataHome usual = DataHome.usual();
    Harness harness =
        Harness.in(arguments.text("data").map(Path::of).map(usual::first).orElse(usual));
    String[] tasks = arguments.text("tasks").orElse(TASKS).split(",");
    int[] rows = rows(arguments, tasks.length);
    List<Contest> contests = new ArrayList<>();
    for (int t = 0; t < tasks.length; t++) {
      String[] parts = tasks[t].split(":", 2);
      int count = parts.length == 1 ? 0 : shots(tasks[t], parts[1]);
      Shots shots =
          Shots.last(harness.task(parts[0]), count, models.model(), Bench.BUILD.resolve("harness"));
      contests.add(
          new Contest(
              harness.task(parts[0], Sampling.first(rows[t])), rows[t], shots, models.model()));
    }
    return contests;
  }

  private static int shots(String task, String count) {
    if (!count.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "--tasks has '" + task + "': a number of shots follows the colon, as in hellaswag:5");
    }
    return Integer.parseInt(count);
  }

  private static int[] rows(Arguments arguments, int tasks) {
    boolean usual = arguments.text("tasks").isEmpty();
    int[] rows = arguments.counts("rows", usual ? ROWS : "100");
    if (rows.length != 1 && rows.length != tasks) {
      throw new IllegalArgumentException(
          "--rows has " + rows.length + " numbers for " + tasks + " tasks; give one, or one each");
    }
    int[] each = new int[tasks];
    for (int t = 0; t < tasks; t++) {
      each[t] = rows[rows.length == 1 ? 0 : t];
    }
    return each;
  }

  /** Everyone evaluates the task once, Kerf and the peer in turns. */
  private static void round(Contest contest, Sessions sessions, int round, Peer peer) {
    String[] types = {"float32", "bfloat16"};
    List<WeightFormat> formats = sessions.inTurn(round);
    for (int i = 0; i < formats.size(); i++) {
      contest.kerf(sessions.in(formats.get(i)));
      if (peer != null && i < (round == 0 ? types.length : 1)) {
        contest.peer(peer, types[i]);
      }
    }
  }
}
