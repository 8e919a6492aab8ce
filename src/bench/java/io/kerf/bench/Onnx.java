package io.kerf.bench;

import io.kerf.compress.Compression;
import io.kerf.compress.DynamicInt8;
import io.kerf.compress.RoundToNearest;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.Libtorch;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;
import io.kerf.onnx.OnnxExport;
import io.kerf.onnx.OnnxOptions;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A causal model's ONNX files, run by ONNX Runtime beside Kerf's own formats: size, logits, speed.
 */
final class Onnx implements Command {
  private static final int PROMPT = 16; // tokens before those that are decoded
  private static final double MIB = 1 << 20;

  /** A way of writing: what is cut first, and how it is written. */
  private record Way(String label, Compression cut, OnnxOptions options) {}

  private static final OnnxOptions CACHED = OnnxOptions.of().withCache().overwrite();
  private static final List<Way> WAYS =
      List.of(
          new Way("float32", null, CACHED),
          new Way("int8", RoundToNearest.int8(), CACHED),
          new Way("int8, packed", RoundToNearest.int8(), CACHED.withPackedCodes()),
          new Way("int8 dynamic", DynamicInt8.of(), CACHED),
          new Way("int4 g64", RoundToNearest.int4(), CACHED),
          new Way("int4 g64, packed", RoundToNearest.int4(), CACHED.withPackedCodes()));

  /** Somebody who reads and writes tokens. */
  private interface Contestant extends AutoCloseable {
    void read(int[] ids);

    void write(int[] prompt, int newTokens);

    @Override
    void close();
  }

  private record Entry(String whose, String weights, Contestant contestant) {}

  @Override
  public String usage() {
    return """
        a model's ONNX files in ONNX Runtime, beside Kerf's formats: sizes, logits, speed
          --model PATH    a GGUF file or a Hugging Face folder (smollm2-135m-instruct)
          --tokens N      prefilled at once (256)
          --new N         decoded (24)
          --threads N     (1)
          --rounds N      repetitions, all in turn (5)
          --keep FOLDER   the files stay there
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "tokens", "new", "threads", "rounds", "keep");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    int tokens = arguments.count("tokens", 256);
    int newTokens = arguments.count("new", 24);
    int threads = arguments.count("threads", 1);
    int rounds = arguments.count("rounds", 5);
    Model model = Models.load(arguments, report).model();
    int[] ids = new Random(0).ints(tokens, 0, model.config().vocabulary()).toArray();
    Libtorch.threads(threads);
    Path folder =
        arguments.text("keep").isPresent()
            ? Files.createDirectories(Path.of(arguments.text("keep").get()))
            : Files.createTempDirectory(Bench.BUILD, "onnx");
    List<Entry> entries = new ArrayList<>();
    try {
      report.add(files(model, folder, ids, threads, entries, report));
      for (WeightFormat format : WeightFormat.values()) {
        entries.add(new Entry("Kerf", format.label(), own(model, format)));
      }
      report.add(speed(entries, ids, newTokens, threads, rounds, report));
    } finally {
      entries.forEach(entry -> entry.contestant.close());
      if (arguments.text("keep").isEmpty()) {
        delete(folder);
      }
    }
  }

  /** Writes every file, compares its logits, and leaves it open. */
  private static Table files(
      Model model, Path folder, int[] ids, int threads, List<Entry> entries, Report report)
      throws IOException {
    Table table =
        new Table("ONNX files; differences from Kerf's float32 session on the same weights")
            .column("weights")
            .column("MiB", "%.1f")
            .column("written in s", "%.1f")
            .column("max |logit difference|", "%.1e")
            .column("mean", "%.1e");
    for (Way way : WAYS) {
      Model cut = way.cut == null ? model : way.cut.apply(model);
      Path file = folder.resolve(way.label.replaceAll("\\W+", "-") + ".onnx");
      double seconds =
          Samples.seconds(
              () -> OnnxExport.write(cut, file, way.options, "bench", ProgressListener.NONE));
      OrtDecoder onnx = new OrtDecoder(file, model.config(), threads);
      entries.add(new Entry("ONNX Runtime", way.label, theirs(onnx)));
      float[] seen = onnx.logits(ids);
      float[] want;
      try (DecoderSession session = DecoderSession.open(cut, WeightFormat.FLOAT32)) {
        want = session.trace(ids).logits();
      }
      double most = 0;
      double sum = 0;
      for (int i = 0; i < want.length; i++) {
        double apart = Math.abs(want[i] - seen[i]);
        most = Math.max(most, apart);
        sum += apart;
      }
      table.row(way.label, Files.size(file) / MIB, seconds, most, sum / want.length);
      report.say(way.label + ": written and compared");
    }
    return table;
  }

  private static Table speed(
      List<Entry> entries, int[] ids, int newTokens, int threads, int rounds, Report report) {
    int[] prompt = Arrays.copyOf(ids, Math.min(PROMPT, ids.length));
    List<Samples> reading = new ArrayList<>();
    List<Samples> writing = new ArrayList<>();
    for (Entry entry : entries) {
      reading.add(new Samples());
      writing.add(new Samples());
      entry.contestant.read(ids);
      entry.contestant.write(prompt, newTokens);
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < entries.size(); i++) {
        int at = (i + round) % entries.size(); // none always comes first
        Contestant contestant = entries.get(at).contestant;
        reading.get(at).add(Samples.seconds(() -> contestant.read(ids)));
        // One token needs the prompt alone; what more tokens take longer is decoding.
        double less = Samples.seconds(() -> contestant.write(prompt, 1));
        double more = Samples.seconds(() -> contestant.write(prompt, 1 + newTokens));
        writing.get(at).add((more - less) / newTokens);
      }
      report.say("round " + (round + 1) + " of " + rounds);
    }
    Table table =
        new Table(
                "%d tokens read, then %d written after a prompt of %d; %d threads"
                    .formatted(ids.length, newTokens, prompt.length, threads))
            .column("by")
            .column("weights")
            .column("read ms", "%.1f")
            .column("x its float32", "%.2f")
            .column("written, ms a token", "%.1f")
            .column("x its float32", "%.2f");
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      int plain = i;
      while (plain > 0 && entries.get(plain - 1).whose.equals(entry.whose)) {
        plain--;
      }
      table.row(
          entry.whose,
          entry.weights,
          1e3 * reading.get(i).median(),
          reading.get(i).timesFasterThan(reading.get(plain)),
          1e3 * writing.get(i).median(),
          writing.get(i).timesFasterThan(writing.get(plain)));
    }
    table.note("ONNX Runtime's reading computes the head at every token, Kerf's at the last");
    return table;
  }

  private static Contestant theirs(OrtDecoder decoder) {
    return new Contestant() {
      @Override
      public void read(int[] ids) {
        decoder.generate(ids, 1);
      }

      @Override
      public void write(int[] prompt, int newTokens) {
        decoder.generate(prompt, newTokens);
      }

      @Override
      public void close() {
        decoder.close();
      }
    };
  }

  private static Contestant own(Model model, WeightFormat format) {
    DecoderSession session = DecoderSession.open(model, format);
    return new Contestant() {
      @Override
      public void read(int[] ids) {
        session.score(List.of(TokenTree.chain(ids)), List.of(new Target(0, ids.length - 1, 0)));
      }

      @Override
      public void write(int[] prompt, int newTokens) {
        session.generate(prompt, newTokens, false);
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
