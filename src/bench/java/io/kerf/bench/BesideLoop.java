package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.Libtorch;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.DataHome;
import io.kerf.eval.Sampling;
import io.kerf.eval.lama.Lama;
import io.kerf.eval.lama.LamaTask;
import io.kerf.model.Model;
import io.kerf.model.ModelWriter;
import io.kerf.model.Saving;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * LAMA's facts by Kerf and by a plain loop over transformers on the same weights, in turns: facts a
 * second, ratio, share of the machine's limit, and whether ranks and log-probabilities are equal.
 */
final class BesideLoop implements Command {
  private static final String DEFAULT_MODEL = "bert-base-cased";
  private static final WeightFormat[] FORMATS = {
    WeightFormat.FLOAT32_PACKED, WeightFormat.BFLOAT16, WeightFormat.INT8_DYNAMIC
  };

  @Override
  public String usage() {
    return """
        LAMA's facts in every arithmetic, beside a plain loop over transformers where it is installed
          --model PATH         a masked model's file or folder (bert-base-cased)
          --data FOLDER        that holds lama/Squad and lama/TREx
          --corpora NAME,NAME  (squad,trex)
          --rows N             facts of each relation (300 of SQuAD, 25 of T-REx)
          --threads N          of both (2)
          --rounds N           repetitions, in turn (3)
          --peer-python FILE   of the peer's virtual environment, see src/bench/peers/setup
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "data", "corpora", "rows", "threads", "rounds", "peer-python");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    int threads = arguments.count("threads", 2);
    int rounds = arguments.count("rounds", 3);
    Model model = Models.load(arguments, report, DEFAULT_MODEL).model();
    List<FactContest> contests = contests(arguments, model);
    Optional<Path> python = Peer.python(arguments);
    Map<WeightFormat, EncoderSession> sessions = new EnumMap<>(WeightFormat.class);
    try (Limits limits = Limits.open(Bench.SOURCES, Bench.BUILD);
        LinePeer peer = python.isPresent() ? peer(python.get(), model, threads) : null) {
      for (WeightFormat format : FORMATS) {
        sessions.put(format, EncoderSession.open(model, format));
      }
      Libtorch.threads(threads);
      limits.read(Moment.BEFORE, threads, 3);
      for (int round = 0; round < rounds; round++) {
        for (FactContest contest : contests) {
          report.say("round " + (round + 1) + " of " + rounds);
          limits.read(Moment.BETWEEN, threads, 1);
          sessions.values().forEach(contest::kerf);
          if (peer != null) {
            contest.peer(peer);
          }
        }
      }
      limits.read(Moment.AFTER, threads, 3);
      report.add(limits.table());
      for (FactContest contest : contests) {
        Table table = contest.table(limits, threads);
        table.note(
            peer == null
                ? "peer absent: transformers is not installed; src/bench/peers/setup installs it"
                : "transformers %s, torch %s, one sentence at a time"
                    .formatted(
                        peer.versions().at("transformers").text(),
                        peer.versions().at("torch").text()));
        report.add(table);
      }
    } finally {
      sessions.values().forEach(EncoderSession::close);
    }
  }

  private static List<FactContest> contests(Arguments arguments, Model model) throws IOException {
    DataHome usual = DataHome.usual();
    Lama lama = Lama.in(arguments.text("data").map(Path::of).map(usual::first).orElse(usual));
    List<FactContest> contests = new ArrayList<>();
    for (String corpus : arguments.text("corpora").orElse("squad,trex").split(",")) {
      int rows = arguments.count("rows", corpus.equals("squad") ? 300 : 25);
      LamaTask task = lama.task(corpus).ofEachRelation(Sampling.first(rows));
      contests.add(new FactContest(task, model, Bench.BUILD.resolve("lama")));
    }
    return contests;
  }

  /** Saves the model as a folder that transformers opens, and starts the loop on it. */
  private static LinePeer peer(Path python, Model model, int threads) throws IOException {
    Path work = Files.createDirectories(Bench.BUILD.resolve("lama"));
    Path folder = work.resolve("model");
    ModelWriter.write(model, folder, Saving.asStored().overwrite(), "bench", ProgressListener.NONE);
    return LinePeer.start(
        python,
        "lama.py",
        work.resolve("lama.log"),
        "--model=" + folder.toAbsolutePath(),
        "--threads=" + threads);
  }
}
