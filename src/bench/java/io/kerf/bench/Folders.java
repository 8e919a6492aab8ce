package io.kerf.bench;

import io.kerf.compress.Compression;
import io.kerf.compress.LayerRemoval;
import io.kerf.compress.Magnitude;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.Scope;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.json.Json;
import io.kerf.model.FloatType;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.ModelWriter;
import io.kerf.model.Saving;
import io.kerf.model.Stack;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Saves models and cut variants of them, has transformers open the folders, and compares its logits
 * with Kerf's.
 */
final class Folders implements Command {
  private static final double TOLERANCE = 1e-4;
  private static final String TEXT = "The quick brown fox counted 1234 jars, didn't it?";
  private static final int TOKENS = 16;

  @Override
  public String usage() {
    return """
        saves models and variants of them, and compares what transformers computes with the folders
          --models FOLDER      holds a folder for each model (src/test/resources/fixtures/models)
          --model PATH         one folder, GGUF file or jar instead
          --peer-python FILE   of the peer's virtual environment, see src/bench/peers/setup
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("models", "model", "peer-python");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    Table table =
        new Table("folders opened by transformers, logits of " + TOKENS + " tokens")
            .column("model")
            .column("variant")
            .column("class")
            .column("type")
            .column("largest logit", "%.2f")
            .column("max abs difference", "%.2e")
            .column("same tokens")
            .column("");
    Optional<Path> python = Peer.python(arguments);
    Path work = Bench.BUILD.resolve("folders");
    if (python.isEmpty()) {
      table.note("peer absent: transformers is not installed; src/bench/peers/setup installs it");
      report.add(table);
      return;
    }
    boolean failed = false;
    try (PythonPeer peer = PythonPeer.start(python.get(), "folders.py", work.resolve("log"))) {
      for (Path source : sources(arguments)) {
        Model dense = ModelReader.read(source);
        for (var cut : cuts(dense).entrySet()) {
          report.say(source.getFileName() + ", " + cut.getKey());
          failed |= !row(table, peer, dense, cut.getKey(), cut.getValue(), work);
        }
      }
      failed |= !control(table, peer, ModelReader.read(sources(arguments).get(0)), work);
      table.note(
          "transformers %s, torch %s"
              .formatted(
                  peer.versions().at("transformers").text(), peer.versions().at("torch").text()));
    }
    report.add(table);
    if (failed) {
      throw new AssertionError("a folder was not opened, or differs by more than " + TOLERANCE);
    }
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

  private static Map<String, UnaryOperator<Model>> cuts(Model dense) {
    Map<String, UnaryOperator<Model>> cuts = new LinkedHashMap<>();
    cuts.put("dense", m -> m);
    for (Stack stack : dense.stacks()) {
      LayerRemoval removal = LayerRemoval.layers(0);
      cuts.put(
          "first " + stack.label() + " layer removed",
          m -> (m.stacks().size() > 1 ? removal.in(stack) : removal).apply(m));
    }
    cuts.put("pruned", Magnitude.of(0.5)::apply);
    cuts.put("int8", RoundToNearest.int8()::apply);
    Compression head = Magnitude.of(0.3).in(Scope.HEAD);
    cuts.put("head untied", head::apply);
    cuts.put(
        "layer, pruned, int8, head",
        m -> {
          Stack last = List.copyOf(m.stacks()).get(m.stacks().size() - 1);
          LayerRemoval one = LayerRemoval.layers(1);
          Model fewer = (m.stacks().size() > 1 ? one.in(last) : one).apply(m);
          return head.apply(
              RoundToNearest.int8().in(Scope.FFN).apply(Magnitude.of(0.3).apply(fewer)));
        });
    cuts.put("float16", m -> m);
    return cuts;
  }

  private static boolean row(
      Table table, PythonPeer peer, Model dense, String name, UnaryOperator<Model> cut, Path work) {
    Model model = cut.apply(dense);
    String file = dense.lineage().name().replaceAll("\\W", "_") + "-" + name.replaceAll("\\W", "_");
    Path folder = work.resolve("saved").resolve(file);
    Saving saving = Saving.asStored().overwrite();
    if (name.equals("float16")) {
      saving = saving.as(FloatType.FLOAT16);
    }
    ModelWriter.write(model, folder, saving, "bench", ProgressListener.NONE);
    if (name.equals("float16")) {
      model = ModelReader.read(folder); // what is compared are the rounded weights
    }
    Map<String, Object> question = question(model, folder);
    float[] ours = logits(model, (int[]) question.get("ids"), question);
    Json answer = peer.ask(question);
    if (answer.at("error").present()) {
      table.row(dense.lineage().name(), name, "", "", null, null, "", answer.at("error").text());
      return false;
    }
    double[] theirs = answer.at("logits").numbers();
    double largest = Arrays.stream(theirs).map(Math::abs).max().orElse(Double.NaN);
    double difference = difference(ours, theirs);
    int[] tokens = model.tokenizer().encode(TEXT, true);
    List<String> missing = answer.at("missing").texts();
    boolean right = difference <= TOLERANCE && missing.isEmpty();
    table.row(
        dense.lineage().name(),
        name,
        answer.at("class").text(),
        answer.at("dtype").text().replace("torch.", ""),
        largest,
        difference,
        Arrays.equals(tokens, answer.at("tokens").integers()) ? "yes" : "no",
        right ? "" : "WRONG " + missing);
    return right;
  }

  /** A comparison that cannot fail shows nothing: the folder of another model must be found out. */
  private static boolean control(Table table, PythonPeer peer, Model model, Path work) {
    Path folder = work.resolve("saved").resolve("control");
    Model other = Magnitude.of(0.05).apply(model);
    ModelWriter.write(other, folder, Saving.asStored().overwrite(), "bench", ProgressListener.NONE);
    Map<String, Object> question = question(model, folder);
    float[] ours = logits(model, (int[]) question.get("ids"), question);
    double difference = difference(ours, peer.ask(question).at("logits").numbers());
    boolean found = difference > TOLERANCE;
    table.note(
        "control: the dense model beside a folder with 5 %% pruned differs by %.2e, %s"
            .formatted(difference, found ? "as it must" : "WRONG: nothing would be found out"));
    return found;
  }

  private static Map<String, Object> question(Model model, Path folder) {
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("folder", folder.toString());
    question.put("ids", ids(model));
    question.put("text", TEXT);
    return question;
  }

  /** The largest of absolute differences; NaN where one is, or the counts differ. */
  private static double difference(float[] ours, double[] theirs) {
    double difference = theirs.length == ours.length && ours.length > 0 ? 0 : Double.NaN;
    for (int i = 0; i < Math.min(theirs.length, ours.length); i++) {
      difference = Math.max(difference, Math.abs(theirs[i] - ours[i]));
    }
    return difference;
  }

  private static int[] ids(Model model) {
    int[] ids = new int[TOKENS];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 5 + (7 + 31 * i) % (model.config().vocabulary() - 5);
    }
    return ids;
  }

  private static float[] logits(Model model, int[] ids, Map<String, Object> question) {
    switch (model.config().family().kind()) {
      case MASKED -> {
        try (EncoderSession session = EncoderSession.open(model, WeightFormat.FLOAT32)) {
          return session.trace(ids, new int[ids.length]).logits();
        }
      }
      case CAUSAL -> {
        try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
          return session.trace(ids).logits();
        }
      }
      default -> {
        try (var session = EncoderDecoderSession.open(model, WeightFormat.FLOAT32)) {
          int[] decoder = session.decoderInput(ids);
          question.put("decoder", decoder);
          return session.trace(ids, decoder).decoder().logits();
        }
      }
    }
  }
}
