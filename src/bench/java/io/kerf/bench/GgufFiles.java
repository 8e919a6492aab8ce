package io.kerf.bench;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Family;
import io.kerf.model.GgufEncoding;
import io.kerf.model.GgufModelWriter;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes models as GGUF files of every encoding, has llama.cpp open them, and compares token ids,
 * greedy ids and logits.
 *
 * <p>Only float32 is held to a tolerance: with narrower weights llama.cpp rounds activations too.
 */
final class GgufFiles implements Command {
  private static final String VARIABLE = "KERF_PEER_LLAMA";
  private static final String TEXT = "Gravity is 9.81 m/s, isn't it?";
  private static final double TOLERANCE = 1e-3;

  /** llama.cpp looks its GELU up in a table of float16. */
  private static final double GELU_TOLERANCE = 2e-2;

  private static final int NEW_TOKENS = 16;

  @Override
  public String usage() {
    return """
        writes GGUF files, and compares what llama.cpp computes with them
          --models FOLDER      holds a folder for each model (src/test/resources/fixtures/models)
          --model PATH         one folder or GGUF file instead
          --peer-llama FILE    the program that src/bench/peers/llama-setup builds
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("models", "model", "peer-llama");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    Table table =
        new Table("GGUF files opened by llama.cpp")
            .column("model")
            .column("encoding")
            .column("bytes", "%d")
            .column("largest logit", "%.2f")
            .column("max abs difference", "%.2e")
            .column("same tokens")
            .column("same greedy")
            .column("");
    Optional<Path> llama = llama(arguments);
    if (llama.isEmpty()) {
      table.note("peer absent: llama.cpp is not built; src/bench/peers/llama-setup builds it");
      report.add(table);
      return;
    }
    boolean failed = false;
    for (Path source : sources(arguments)) {
      Model model = ModelReader.read(source);
      if (model.config().family().kind() == Family.Kind.CAUSAL) {
        for (GgufEncoding encoding : GgufEncoding.values()) {
          report.say(source.getFileName() + ", " + encoding);
          failed |= !row(table, llama.get(), model, encoding);
        }
      }
    }
    report.add(table);
    if (failed) {
      throw new AssertionError("a float32 file differs, or a file is not opened or read otherwise");
    }
  }

  private static Optional<Path> llama(Arguments arguments) {
    return arguments
        .text("peer-llama")
        .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
        .map(Path::of)
        .or(() -> Optional.of(Bench.BUILD.resolve("llama/llama")))
        .filter(Files::isExecutable);
  }

  private static List<Path> sources(Arguments arguments) throws Exception {
    if (arguments.text("model").isPresent()) {
      return List.of(Path.of(arguments.text("model").get()));
    }
    Path all = Path.of(arguments.text("models").orElse("src/test/resources/fixtures/models"));
    try (Stream<Path> folders = Files.list(all)) {
      return folders.sorted().toList();
    }
  }

  private static boolean row(Table table, Path llama, Model model, GgufEncoding encoding)
      throws Exception {
    String name = model.lineage().name();
    Path work = Bench.BUILD.resolve("gguf");
    Path file = work.resolve(name.replaceAll("\\W", "_") + "-" + encoding + ".gguf");
    try {
      GgufModelWriter.write(model, file, encoding, true, "bench", ProgressListener.NONE);
    } catch (IllegalArgumentException e) {
      table.row(name, encoding, 0, null, null, "", "", "refused: " + e.getMessage());
      return true;
    }
    long bytes = Files.size(file);
    int[] ids = model.tokenizer().encode(TEXT, false);
    // The file's own values; in float32 they are the model's, whose scaling our reader may not say.
    Model written = encoding == GgufEncoding.F32 ? model : null;
    try (LinePeer peer =
            LinePeer.start(List.of(llama.toString(), file.toString()), work.resolve("log"));
        DecoderSession session =
            written == null ? null : DecoderSession.open(written, WeightFormat.FLOAT32)) {
      boolean tokens = Arrays.equals(ids, peer.askLine("tokens " + TEXT).integers());
      String asked = Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(" "));
      int[] greedy = peer.askLine("greedy " + NEW_TOKENS + " " + asked).integers();
      double[] theirs = peer.askLine("logits " + asked).numbers();
      if (session == null) {
        double largest = Arrays.stream(theirs).map(Math::abs).max().orElse(Double.NaN);
        table.row(name, encoding, bytes, largest, null, yes(tokens), "", tokens ? "" : "WRONG");
        return tokens && greedy.length == NEW_TOKENS;
      }
      float[] ours = session.trace(ids).logits();
      double difference = Folders.difference(ours, theirs);
      boolean same = Arrays.equals(greedy, session.generate(ids, NEW_TOKENS, false));
      boolean gelu = model.config().family() == Family.GPT2;
      boolean right = tokens && difference <= (gelu ? GELU_TOLERANCE : TOLERANCE);
      right &= same || gelu;
      double largest = Arrays.stream(theirs).map(Math::abs).max().orElse(Double.NaN);
      table.row(
          name, encoding, bytes, largest, difference, yes(tokens), yes(same), right ? "" : "WRONG");
      return right;
    } catch (IllegalStateException e) {
      table.row(name, encoding, bytes, null, null, "", "", "WRONG: " + e.getMessage());
      return false;
    }
  }

  private static String yes(boolean value) {
    return value ? "yes" : "no";
  }
}
