package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.format.SafetensorsFile;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every model of the fixtures against what transformers computes with it. */
class SessionGoldenTest {
  @TempDir Path temporary;

  /** Formats that give float32's values up to rounding. */
  private static final List<WeightFormat> EXACT =
      List.of(WeightFormat.FLOAT32, WeightFormat.FLOAT32_PACKED);

  @TestFactory
  Stream<DynamicContainer> models() {
    List<Path> folders =
        Fixtures.cases("models", "*").stream().filter(SessionGoldenTest::ours).toList();
    Assertions.assertFalse(folders.isEmpty(), "no model of a family that we have");
    return folders.stream().map(f -> tests(f.getFileName().toString(), f, f));
  }

  @TestFactory
  Stream<DynamicContainer> sameWeightsUnderOtherNames() {
    List<DynamicContainer> found = new ArrayList<>();
    for (Path folder : Fixtures.cases("variants", "*")) {
      if (ours(folder)) {
        String same = Json.read(folder.resolve("variant.json")).at("same_values_as").text();
        Path golden = Fixtures.root().resolve("models").resolve(same);
        found.add(tests(folder.getFileName().toString(), folder, golden));
      }
    }
    Assertions.assertFalse(found.isEmpty(), "no variant of a family that we have");
    return found.stream();
  }

  /** The configuration as transformers 4 spelled it, beside the same files. */
  @TestFactory
  Stream<DynamicTest> olderSpellings() {
    List<Path> folders =
        Fixtures.cases("models", "*").stream()
            .filter(SessionGoldenTest::ours)
            .filter(folder -> Files.exists(folder.resolve("config.v4.json")))
            .filter(SessionGoldenTest::sameInOlderSpelling)
            .toList();
    Assertions.assertFalse(folders.isEmpty(), "no model with a configuration of transformers 4");
    return folders.stream()
        .map(folder -> dynamicTest(folder.getFileName().toString(), () -> olderSpelling(folder)));
  }

  /** A switch that the older spelling has no word for makes another model of it. */
  private static boolean sameInOlderSpelling(Path folder) {
    Json golden = Json.read(folder.resolve("golden.json"));
    return golden.at("config_v4_max_abs_logit_diff").number() == 0;
  }

  private void olderSpelling(Path folder) throws IOException {
    Path copy = temporary.resolve(folder.getFileName());
    Files.createDirectories(copy);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.move(
        copy.resolve("config.v4.json"),
        copy.resolve("config.json"),
        StandardCopyOption.REPLACE_EXISTING);
    Model model = ModelReader.read(copy);
    assertEquals(ModelReader.read(folder).config(), model.config());
    Golden golden = new Golden(folder);
    if (model.config().family().kind() == Family.Kind.CAUSAL) {
      try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
        trace(golden, session);
      }
    }
  }

  private static boolean ours(Path folder) {
    String type = Json.read(folder.resolve("config.json")).at("model_type").text();
    return Arrays.stream(Family.values()).anyMatch(f -> f.modelType().equals(type));
  }

  private static DynamicContainer tests(String name, Path folder, Path goldenFolder) {
    return dynamicContainer(
        name, EXACT.stream().map(f -> dynamicContainer(f.label(), tests(folder, goldenFolder, f))));
  }

  private static List<DynamicTest> tests(Path folder, Path goldenFolder, WeightFormat format) {
    Golden golden = new Golden(goldenFolder);
    // A folder without a tokenizer is one of other weights: the golden model's own reads the same.
    Path tokens = Files.exists(folder.resolve("tokenizer.json")) ? folder : goldenFolder;
    Model model =
        tokens.equals(folder)
            ? ModelReader.read(folder)
            : ModelReader.read(folder, ModelReader.read(goldenFolder).tokenizer());
    return switch (model.config().family().kind()) {
      case MASKED ->
          List.of(
              encoder("single text", model, format, s -> trace(golden, s)),
              encoder("padded batch", model, format, s -> batch(golden, s)),
              encoder("pair of texts", model, format, s -> pair(golden, s)),
              encoder("loss at masks", model, format, s -> maskedLoss(golden, s)),
              encoder("fill mask", model, format, s -> fillMask(golden, s)),
              encoder("pseudo-log-likelihood", model, format, s -> pseudo(golden, s)));
      case CAUSAL ->
          List.of(
              decoder("single text", model, format, s -> trace(golden, s)),
              decoder("padded batch", model, format, s -> batch(golden, s)),
              decoder("loss", model, format, s -> loss(golden, s)),
              decoder("greedy generation", model, format, s -> generation(golden, s)));
      case ENCODER_DECODER ->
          List.of(
              both("both stacks", model, format, s -> traces(golden, s)),
              both("labels", model, format, s -> labels(golden, s)),
              both("padded batch", model, format, s -> batch(golden, s)),
              both("greedy generation", model, format, s -> generation(golden, s)));
    };
  }

  private static DynamicTest encoder(
      String name, Model model, WeightFormat format, Consumer<EncoderSession> check) {
    return dynamicTest(
        name,
        () -> {
          try (EncoderSession session = EncoderSession.open(model, format)) {
            check.accept(session);
          }
        });
  }

  private static DynamicTest decoder(
      String name, Model model, WeightFormat format, Consumer<DecoderSession> check) {
    return dynamicTest(
        name,
        () -> {
          try (DecoderSession session = DecoderSession.open(model, format)) {
            check.accept(session);
          }
        });
  }

  private static DynamicTest both(
      String name, Model model, WeightFormat format, Consumer<EncoderDecoderSession> check) {
    return dynamicTest(
        name,
        () -> {
          try (EncoderDecoderSession session = EncoderDecoderSession.open(model, format)) {
            check.accept(session);
          }
        });
  }

  private static void traces(Golden golden, EncoderDecoderSession session) {
    for (Json text : golden.json.at("seq2seq").items()) {
      EncoderDecoderSession.Traces traces =
          session.trace(text.at("input_ids").integers(), text.at("decoder_input_ids").integers());
      golden.hidden(text.at("encoder_embeddings"), traces.encoder().embeddings());
      golden.blocks(text.at("encoder_blocks"), traces.encoder());
      golden.hidden(text.at("encoder_last_hidden_state"), traces.encoder().lastHidden());
      golden.blocks(text.at("decoder_blocks"), traces.decoder());
      if (text.at("logits_tensor").present()) {
        golden.logits(text.at("logits_tensor").text(), traces.decoder().logits());
      }
    }
  }

  private static void labels(Golden golden, EncoderDecoderSession session) {
    List<int[]> contexts = new ArrayList<>();
    List<EncoderDecoderSession.Continuation> labels = new ArrayList<>();
    for (Json text : golden.json.at("seq2seq").items()) {
      int[] ids = text.at("labels").integers();
      labels.add(new EncoderDecoderSession.Continuation(contexts.size(), ids));
      contexts.add(text.at("input_ids").integers());
      assertArrayEquals(text.at("decoder_input_ids").integers(), session.decoderInput(ids));
      assertEquals(
          text.at("loss").number(),
          session.loss(contexts.subList(contexts.size() - 1, contexts.size()), List.of(ids)),
          golden.tolerance("loss_abs"));
    }
    List<Scores> scores = session.score(contexts, labels);
    for (int i = 0; i < scores.size(); i++) {
      Json text = golden.json.at("seq2seq").at(i);
      double[] want = text.at("label_log_probs").numbers();
      int[] likeliest = text.at("logits").at("argmax").integers();
      for (int t = 0; t < want.length; t++) {
        assertEquals(
            want[t], scores.get(i).logProbabilities()[t], golden.tolerance("log_prob_abs"));
        assertEquals(labels.get(i).tokens()[t] == likeliest[t], scores.get(i).greedy()[t]);
      }
    }
  }

  private static void batch(Golden golden, EncoderDecoderSession session) {
    Json batch = golden.json.at("batch");
    List<int[]> contexts = new ArrayList<>();
    List<int[]> labels = new ArrayList<>();
    for (int row = 0; row < batch.at("input_ids").items().size(); row++) {
      contexts.add(
          Golden.real(
              batch.at("input_ids").at(row).integers(),
              batch.at("attention_mask").at(row).integers()));
      labels.add(batch.at("labels").at(row).integers());
    }
    assertEquals(
        batch.at("loss").number(), session.loss(contexts, labels), golden.tolerance("loss_abs"));
    double[] rows = batch.at("row_log_likelihood").numbers();
    for (int row = 0; row < rows.length; row++) {
      long scored = Arrays.stream(labels.get(row)).filter(label -> label >= 0).count();
      double loss = session.loss(contexts.subList(row, row + 1), labels.subList(row, row + 1));
      assertEquals(rows[row] / scored, -loss, golden.tolerance("loss_abs"));
    }
  }

  private static void generation(Golden golden, EncoderDecoderSession session) {
    for (Json text : golden.json.at("seq2seq").items()) {
      int[] want = text.at("greedy_new_ids").integers();
      assertArrayEquals(
          want, session.generate(text.at("input_ids").integers(), want.length, false));
    }
  }

  private static void trace(Golden golden, EncoderSession session) {
    int[] ids = golden.json.at("single").at("ids").integers();
    trace(golden, session.trace(ids, new int[ids.length]));
  }

  private static void trace(Golden golden, DecoderSession session) {
    trace(golden, session.trace(golden.json.at("single").at("ids").integers()));
  }

  private static void trace(Golden golden, Trace trace) {
    Json single = golden.json.at("single");
    golden.hidden(single.at("embeddings"), trace.embeddings());
    golden.blocks(single.at("blocks"), trace);
    golden.hidden(single.at("last_hidden_state"), trace.lastHidden());
    golden.logits(single.at("logits_tensor").text(), trace.logits());
  }

  private static void batch(Golden golden, EncoderSession session) {
    List<EncoderSession.Input> inputs = new ArrayList<>();
    for (int[] row : golden.batchRows()) {
      inputs.add(EncoderSession.Input.of(row, row.length - 1));
    }
    golden.logits(
        golden.json.at("batch").at("last_logits_tensor").text(),
        Trace.flat(session.logits(inputs)));
  }

  private static void batch(Golden golden, DecoderSession session) {
    List<float[]> rows = new ArrayList<>();
    for (int[] row : golden.batchRows()) {
      rows.add(session.logits(TokenTree.chain(row), row.length - 1)[0]);
    }
    golden.logits(
        golden.json.at("batch").at("last_logits_tensor").text(),
        Trace.flat(rows.toArray(float[][]::new)));
  }

  private static void pair(Golden golden, EncoderSession session) {
    Json pair = golden.json.at("pair");
    Assumptions.assumeTrue(pair.present(), "transformers gives no segments to such a model");
    Trace trace = session.trace(pair.at("ids").integers(), pair.at("type_ids").integers());
    golden.logits(pair.at("logits_tensor").text(), trace.logits());
  }

  private static void maskedLoss(Golden golden, EncoderSession session) {
    Json loss = golden.json.at("loss");
    int[] ids = loss.at("ids").integers();
    int[] masked = loss.at("masked_positions").integers();
    int[] input = ids.clone();
    for (int position : masked) {
      input[position] = session.model().tokenizer().maskId().orElseThrow();
    }
    float[][] logits = session.logits(List.of(EncoderSession.Input.of(input, masked)));
    double sum = 0;
    for (int i = 0; i < masked.length; i++) {
      sum -= logSoftmax(logits[i], ids[masked[i]]);
    }
    assertEquals(loss.at("mean_nll").number(), sum / masked.length, golden.tolerance("loss_abs"));
  }

  private static void fillMask(Golden golden, EncoderSession session) {
    for (Json prompt : golden.json.at("fill_mask").items()) {
      for (Json mask : prompt.at("masks").items()) {
        int position = mask.at("position").integer();
        float[] logits =
            session
                .logits(List.of(EncoderSession.Input.of(prompt.at("ids").integers(), position)))[0];
        for (Json likely : mask.at("top5").items()) {
          assertEquals(
              likely.at("log_prob").number(),
              logSoftmax(logits, likely.at("id").integer()),
              golden.tolerance("log_prob_abs"));
        }
      }
    }
  }

  private static void pseudo(Golden golden, EncoderSession session) {
    Json pseudo = golden.json.at("pseudo_log_likelihood");
    int[] ids = pseudo.at("ids").integers();
    double[] want = pseudo.at("token_log_probs").numbers();
    List<EncoderSession.Input> inputs = new ArrayList<>();
    for (int i = 1; i <= want.length; i++) {
      int[] masked = ids.clone();
      masked[i] = session.model().tokenizer().maskId().orElseThrow();
      inputs.add(EncoderSession.Input.of(masked, i));
    }
    float[][] logits = session.logits(inputs);
    for (int i = 0; i < want.length; i++) {
      assertEquals(want[i], logSoftmax(logits[i], ids[i + 1]), golden.tolerance("log_prob_abs"));
    }
  }

  private static void loss(Golden golden, DecoderSession session) {
    Json loss = golden.json.at("loss");
    int[] ids = loss.at("ids").integers();
    double[] want = loss.at("token_log_probs").numbers();
    List<Target> targets = new ArrayList<>();
    for (int i = 1; i < ids.length; i++) {
      targets.add(new Target(0, i - 1, ids[i]));
    }
    Scores scores = session.score(List.of(TokenTree.chain(ids)), targets);
    double sum = 0;
    for (int i = 0; i < want.length; i++) {
      assertEquals(want[i], scores.logProbabilities()[i], golden.tolerance("log_prob_abs"));
      sum -= scores.logProbabilities()[i];
    }
    assertEquals(loss.at("mean_nll").number(), sum / want.length, golden.tolerance("loss_abs"));
  }

  private static void generation(Golden golden, DecoderSession session) {
    Json generate = golden.json.at("generate");
    int count = generate.at("max_new_tokens").integer();
    for (Json prompt : generate.at("greedy").items()) {
      int[] want = prompt.at("new_ids").integers();
      int[] made = session.generate(prompt.at("prompt_ids").integers(), count, false);
      assertArrayEquals(want, made, prompt.at("prompt").text());
    }
    Json padded = generate.at("batch_left_padded");
    for (int row = 0; row < padded.at("ids").items().size(); row++) {
      int[] real =
          Golden.real(
              padded.at("ids").at(row).integers(), padded.at("attention_mask").at(row).integers());
      assertArrayEquals(
          padded.at("new_ids").at(row).integers(), session.generate(real, count, false));
    }
  }

  private static double logSoftmax(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - logits[token]);
    }
    return -Math.log(sum);
  }

  /** golden.json and the tensors beside it. */
  private static final class Golden {
    private final Json json;
    private final SafetensorsFile tensors;

    Golden(Path folder) {
      json = Json.read(folder.resolve("golden.json"));
      tensors = SafetensorsFile.open(folder.resolve("golden.safetensors"));
    }

    double tolerance(String name) {
      return json.at("tolerance").at(name).number();
    }

    void logits(String tensor, float[] seen) {
      float[] want = tensors.tensor(tensor).toFloats();
      assertArrayEquals(want, seen, (float) tolerance("logits_abs"), tensor);
    }

    void blocks(Json checksums, Trace trace) {
      assertEquals(checksums.items().size(), trace.blocks().size());
      for (int l = 0; l < trace.blocks().size(); l++) {
        hidden(checksums.at(l), trace.blocks().get(l));
      }
    }

    /** A checksum: mean, mean absolute value, the first 8 and the last 8 values. */
    void hidden(Json checksum, float[] seen) {
      double tolerance = tolerance("hidden_abs");
      double sum = 0;
      double absolute = 0;
      for (float value : seen) {
        sum += value;
        absolute += Math.abs(value);
      }
      String where = checksum.where();
      assertEquals(checksum.at("mean").number(), sum / seen.length, tolerance, where);
      assertEquals(checksum.at("abs_mean").number(), absolute / seen.length, tolerance, where);
      double[] first = checksum.at("first8").numbers();
      double[] last = checksum.at("last8").numbers();
      for (int i = 0; i < first.length; i++) {
        assertEquals(first[i], seen[i], tolerance, where);
        assertEquals(last[i], seen[seen.length - last.length + i], tolerance, where);
      }
    }

    List<int[]> batchRows() {
      List<int[]> rows = new ArrayList<>();
      Json batch = json.at("batch");
      for (int row = 0; row < batch.at("ids").items().size(); row++) {
        rows.add(
            real(
                batch.at("ids").at(row).integers(), batch.at("attention_mask").at(row).integers()));
      }
      return rows;
    }

    /** The tokens that the attention mask leaves: padding is never laid into a batch. */
    static int[] real(int[] ids, int[] mask) {
      List<Integer> left = new ArrayList<>();
      for (int i = 0; i < ids.length; i++) {
        if (mask[i] == 1) {
          left.add(ids[i]);
        }
      }
      return left.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
