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
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Every model of the fixtures against what transformers computes with it. */
class SessionGoldenTest {
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
    return model.config().family().kind() == Family.Kind.MASKED
        ? List.of(
            encoder("single text", model, format, s -> trace(golden, s)),
            encoder("padded batch", model, format, s -> batch(golden, s)),
            encoder("pair of texts", model, format, s -> pair(golden, s)),
            encoder("loss at masks", model, format, s -> maskedLoss(golden, s)),
            encoder("fill mask", model, format, s -> fillMask(golden, s)),
            encoder("pseudo-log-likelihood", model, format, s -> pseudo(golden, s)))
        : List.of(
            decoder("single text", model, format, s -> trace(golden, s)),
            decoder("padded batch", model, format, s -> batch(golden, s)),
            decoder("loss", model, format, s -> loss(golden, s)),
            decoder("greedy generation", model, format, s -> generation(golden, s)));
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
    List<Json> blocks = single.at("blocks").items();
    assertEquals(blocks.size(), trace.blocks().size());
    for (int l = 0; l < blocks.size(); l++) {
      golden.hidden(blocks.get(l), trace.blocks().get(l));
    }
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
