package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.Libtorch;
import io.kerf.engine.Sampler;
import io.kerf.engine.Sampler.AfterEos;
import io.kerf.engine.TokenSampling;
import io.kerf.engine.WeightFormat;
import io.kerf.json.Json;
import io.kerf.model.Model;
import io.kerf.model.ModelWriter;
import io.kerf.model.Saving;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A causal model writes text, many sequences at once: tokens drawn a second by weight format and
 * number of sequences, beside transformers' {@code generate(do_sample=True)}.
 */
final class Writing implements Command {
  private record Entrant(String whose, String weights, int sequences, Limit limit) {}

  private static final String KERF = "Kerf";
  private static final WeightFormat[] FORMATS = {
    WeightFormat.FLOAT32_PACKED, WeightFormat.BFLOAT16, WeightFormat.INT8_DYNAMIC
  };

  @Override
  public String usage() {
    return """
        a causal model writes text, many sequences at once
          --model PATH         a GGUF file or a Hugging Face folder (smollm2-135m-instruct)
          --sequences N,N      side by side (16,64,128)
          --new N              tokens of each (256)
          --temperature PERCENT, --top-k N, --top-p PERCENT  (100, all, 95)
          --threads N          of both (2)
          --rounds N           repetitions, in turn (1)
          --peer-sequences N   of the peer, side by side (64)
          --peer-python FILE   of the peer's virtual environment, see src/bench/peers/setup
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of(
        "model",
        "sequences",
        "new",
        "temperature",
        "top-k",
        "top-p",
        "threads",
        "rounds",
        "peer-sequences",
        "peer-python");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    int[] counts = arguments.counts("sequences", "16,64,128");
    int newTokens = arguments.count("new", 256);
    int threads = arguments.count("threads", 2);
    int rounds = arguments.count("rounds", 1);
    int peerCount = arguments.count("peer-sequences", 64);
    int topK = arguments.text("top-k").isPresent() ? arguments.count("top-k", 1) : 0;
    TokenSampling sampling =
        TokenSampling.temperature(arguments.count("temperature", 100) / 100.0)
            .topK(topK)
            .topP(arguments.count("top-p", 95) / 100.0);
    Model model = Models.load(arguments, report).model();
    int[] prompt = {Math.max(0, model.config().special().bos())};
    Map<Entrant, Samples> seconds = new LinkedHashMap<>();
    Optional<Path> python = Peer.python(arguments);
    try (Limits limits = Limits.open(Bench.SOURCES, Bench.BUILD);
        LinePeer peer = python.isPresent() ? peer(python.get(), model, threads) : null;
        Sessions sessions = new Sessions(model, FORMATS)) {
      Libtorch.threads(threads);
      for (WeightFormat format : FORMATS) {
        write(sessions.in(format), sampling, prompt, 4, counts[0]); // what happens only once
      }
      limits.read(Moment.BEFORE, threads, 3);
      for (int round = 0; round < rounds; round++) {
        report.say("round " + (round + 1) + " of " + rounds);
        for (WeightFormat format : sessions.inTurn(round)) {
          for (int count : counts) {
            limits.read(Moment.BETWEEN, threads, 1);
            seconds
                .computeIfAbsent(
                    new Entrant(KERF, format.label(), count, Limit.of(format)),
                    any -> new Samples())
                .add(
                    Samples.seconds(
                        () -> write(sessions.in(format), sampling, prompt, newTokens, count)));
          }
        }
        for (String type : peer == null ? List.<String>of() : List.of("float32", "bfloat16")) {
          limits.read(Moment.BETWEEN, threads, 1);
          Limit limit = type.equals("float32") ? Limit.FLOAT32 : Limit.BFLOAT16;
          seconds
              .computeIfAbsent(
                  new Entrant("transformers", type, peerCount, limit), any -> new Samples())
              .add(ask(peer, type, sampling, prompt, newTokens, peerCount));
        }
      }
      limits.read(Moment.AFTER, threads, 3);
      report.add(limits.table());
      Table table = table(new Effort(model), seconds, limits, threads, newTokens, sampling);
      table.note(
          peer == null
              ? "peer absent: transformers is not installed; src/bench/peers/setup installs it"
              : "transformers %s, torch %s, generate(do_sample=True)"
                  .formatted(
                      peer.versions().at("transformers").text(),
                      peer.versions().at("torch").text()));
      report.add(table);
    }
  }

  private static void write(
      DecoderSession session, TokenSampling sampling, int[] prompt, int newTokens, int count) {
    new Sampler(session, sampling).write(prompt, newTokens, AfterEos.GO_ON, 0, count, units -> {});
  }

  private static double ask(
      LinePeer peer, String type, TokenSampling how, int[] prompt, int newTokens, int count) {
    Json answer =
        peer.ask(
            Map.of(
                "dtype", type,
                "prompt", Arrays.stream(prompt).boxed().toList(),
                "sequences", count,
                "new", newTokens,
                "temperature", how.temperature(),
                "top_k", how.topK(),
                "top_p", how.topP()));
    return answer.at("seconds").number();
  }

  /** Saves the model as a folder that transformers opens, and starts the peer on it. */
  private static LinePeer peer(Path python, Model model, int threads) throws IOException {
    Path work = Files.createDirectories(Bench.BUILD.resolve("sample"));
    Path folder = work.resolve("model");
    ModelWriter.write(model, folder, Saving.asStored().overwrite(), "bench", ProgressListener.NONE);
    return LinePeer.start(
        python,
        "sample.py",
        work.resolve("sample.log"),
        "--model=" + folder.toAbsolutePath(),
        "--threads=" + threads);
  }

  private static Table table(
      Effort effort,
      Map<Entrant, Samples> seconds,
      Limits limits,
      int threads,
      int newTokens,
      TokenSampling sampling) {
    Table table =
        new Table(
                "Writing %d tokens a sequence, %s, %d threads"
                    .formatted(newTokens, sampling.label(), threads))
            .column("by")
            .column("weights")
            .column("sequences", "%d")
            .column("s", "%.1f")
            .column("tokens/s", "%.0f")
            .column("s for 40,000", "%.0f")
            .column("x transformers", "%.2f")
            .column("GOP/s", "%.0f")
            .column("share of arithmetic limit", "%.2f");
    seconds.forEach(
        (entrant, times) -> {
          double rate = entrant.sequences * (double) newTokens / times.median();
          double operations = rate * effort.writingOperations(newTokens) / newTokens;
          table.row(
              entrant.whose,
              entrant.weights,
              entrant.sequences,
              times.median(),
              rate,
              40_000 / rate,
              rate / peerRate(seconds, entrant.limit, newTokens),
              operations * 1e-9,
              operations / limits.rate(entrant.limit, threads));
        });
    return table;
  }

  /** The peer's tokens a second in that arithmetic; integers are held against its float32. */
  private static double peerRate(Map<Entrant, Samples> seconds, Limit limit, int newTokens) {
    Limit its = limit == Limit.INT8 ? Limit.FLOAT32 : limit;
    return seconds.entrySet().stream()
        .filter(e -> !e.getKey().whose.equals(KERF) && e.getKey().limit == its)
        .mapToDouble(e -> e.getKey().sequences * (double) newTokens / e.getValue().median())
        .findFirst()
        .orElse(Double.NaN);
  }
}
