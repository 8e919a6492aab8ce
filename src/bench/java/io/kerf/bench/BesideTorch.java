package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import io.kerf.eval.DataHome;
import io.kerf.model.FloatType;
import io.kerf.model.ModelWriter;
import io.kerf.model.Saving;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Training by Kerf and by a plain torch loop on transformers, on the same tokens and step by step
 * in turns: tokens a second, ratio, share of the machine's limit, peak memory, and whether they
 * learn the same.
 */
final class BesideTorch implements Command {
  private static final List<String> SIDES = List.of("kerf", "torch", "tuned");
  private static final List<String> DTYPES = List.of("float32", "bfloat16");
  private static final Path WORK = Bench.BUILD.resolve("train");

  @Override
  public String usage() {
    return """
        training in float32 and bfloat16, beside a plain torch loop where transformers is installed
          --model PATH         a causal model's file or folder (smollm2-135m-instruct)
          --text FILE          what is learned from (wikitext2/wiki.valid.tokens of the data)
          --batch N            rows a step (8)
          --length N           tokens a row (256)
          --steps N            in each arithmetic (4), of which the first is for warming up
          --dtypes NAME,NAME   (float32,bfloat16)
          --learning-rate X    (3e-4)
          --threads N          of both (2)
          --rounds N           repetitions, each in new processes (1)
          --by NAME,NAME       who trains (kerf,torch); tuned: torch once more, in the environment that Kerf sets
          --peer-python FILE   of the peer's virtual environment, see src/bench/peers/setup
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of(
        "model",
        "text",
        "batch",
        "length",
        "steps",
        "dtypes",
        "learning-rate",
        "threads",
        "rounds",
        "by",
        "peer-python");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    int threads = arguments.count("threads", 2);
    int rounds = arguments.count("rounds", 1);
    int batch = arguments.count("batch", 8);
    int length = arguments.count("length", 256);
    int steps = arguments.count("steps", 4);
    List<String> dtypes = names(arguments, "dtypes", DTYPES, DTYPES);
    List<String> by = names(arguments, "by", SIDES, SIDES.subList(0, 2));
    boolean beside = by.contains("torch") || by.contains("tuned");
    Optional<Path> python = beside ? Peer.python(arguments) : Optional.empty();
    Models models = Models.load(arguments, report);
    Path rows =
        TrainingRows.write(
            text(arguments),
            models.model().tokenizer(),
            steps * batch,
            length,
            WORK.resolve("rows.jsonl"));
    TrainingContest contest =
        new TrainingContest(
            batch * new Effort(models.model()).trainingOperations(length), batch * length);
    Path folder = WORK.resolve("model");
    if (python.isPresent()) {
      Saving saving = Saving.asStored().as(FloatType.FLOAT32).overwrite();
      ModelWriter.write(models.model(), folder, saving, "bench", ProgressListener.NONE);
    }
    try (Limits limits = Limits.open(Bench.SOURCES, Bench.BUILD)) {
      limits.read(Moment.BEFORE, threads, 3);
      for (int round = 0; round < rounds; round++) {
        for (String dtype : dtypes) {
          report.say(dtype + ", round " + (round + 1) + " of " + rounds);
          TrainingSetting setting =
              new TrainingSetting(
                  models.path(), rows, batch, steps, threads, dtype, rate(arguments));
          round(contest, setting, by, python, folder, round, limits);
        }
      }
      limits.read(Moment.AFTER, threads, 3);
      report.add(limits.table());
      Table table = contest.table(limits, threads);
      if (python.isEmpty()) {
        table.note(
            "peer absent: transformers is not installed or not asked for; src/bench/peers/setup"
                + " installs it");
      }
      report.add(table);
    }
    dtypes.forEach(dtype -> report.add(contest.losses(dtype)));
  }

  /**
   * All sides make the same steps, in turns, another going first each time.
   *
   * @param folder that holds the model as transformers opens it best: what it reads of a GGUF file
   *     stays resident a second time
   */
  private static void round(
      TrainingContest contest,
      TrainingSetting setting,
      List<String> by,
      Optional<Path> python,
      Path folder,
      int round,
      Limits limits)
      throws IOException {
    Map<String, Trainer> sides = new LinkedHashMap<>();
    try {
      if (by.contains("kerf")) {
        sides.put(TrainingContest.KERF, Trainer.kerf(setting, WORK));
      }
      TrainingSetting peers = setting.on(folder);
      if (python.isPresent() && by.contains("torch")) {
        sides.put(TrainingContest.TORCH, Trainer.torch(python.get(), peers, WORK, false));
      }
      if (python.isPresent() && by.contains("tuned")) {
        sides.put(TrainingContest.TUNED, Trainer.torch(python.get(), peers, WORK, true));
      }
      sides.forEach((side, trainer) -> contest.begins(side, setting.dtype(), trainer.versions()));
      for (int step = 0; step < setting.steps(); step++) {
        limits.read(Moment.BETWEEN, setting.threads(), 1);
        List<String> inTurn = new ArrayList<>(sides.keySet());
        Collections.rotate(inTurn, step);
        for (String side : inTurn) {
          contest.made(side, setting.dtype(), round, sides.get(side).step());
        }
      }
    } finally {
      sides.values().forEach(Trainer::close);
    }
  }

  private static List<String> names(
      Arguments arguments, String option, List<String> known, List<String> usual) {
    List<String> names = arguments.text(option).map(text -> List.of(text.split(","))).orElse(usual);
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "--%s has '%s'; there are %s".formatted(option, name, String.join(", ", known)));
      }
    }
    return names;
  }

  private static double rate(Arguments arguments) {
    String rate = arguments.text("learning-rate").orElse("3e-4");
    if (!rate.matches("[0-9.]+(e-?[0-9]+)?")) {
      throw new IllegalArgumentException("--learning-rate must be a number, was " + rate);
    }
    return Double.parseDouble(rate);
  }

  private static Path text(Arguments arguments) {
    Optional<Path> named = arguments.text("text").map(Path::of);
    if (named.isPresent() && !Files.isReadable(named.get())) {
      throw new IllegalArgumentException("--text: there is no file " + named.get());
    }
    DataHome home = DataHome.usual();
    return named
        .or(() -> home.find("wikitext2/wiki.valid.tokens"))
        .orElseGet(() -> home.require("text/held-out.txt", "name a text by --text"));
  }
}
