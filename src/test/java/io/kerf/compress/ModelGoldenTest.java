package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.Session;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.format.SafetensorsFile;
import io.kerf.json.Json;
import io.kerf.model.Block;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Role;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whole models: masks and kept layers exact, weights, logits and losses as torch has them. */
class ModelGoldenTest {
  @TestFactory
  List<DynamicNode> cutsOfModelsAgreeWithTorch() {
    List<DynamicNode> models = new ArrayList<>();
    boolean any = false;
    for (Path file : Fixtures.cases("compression", "model_*.json")) {
      Json golden = Json.read(file);
      String name = golden.at("model").text();
      Path folder = Fixtures.root().resolve("models").resolve(name);
      String type = Json.read(folder.resolve("config.json")).at("model_type").text();
      boolean known = Arrays.stream(Family.values()).anyMatch(f -> f.modelType().equals(type));
      any |= known;
      models.add(
          known
              ? dynamicContainer(name, cuts(golden, folder, file).stream())
              : dynamicTest(name, () -> abort("architecture " + type + " is not supported yet")));
    }
    assertEquals(true, any, "no model of an architecture we have");
    return models;
  }

  private static List<DynamicTest> cuts(Json golden, Path folder, Path file) {
    Path tensors =
        file.resolveSibling(file.getFileName().toString().replace(".json", ".safetensors"));
    Reference reference =
        new Reference(golden, SafetensorsFile.open(tensors), ModelReader.read(folder));
    List<DynamicTest> tests = new ArrayList<>();
    for (String key : golden.at("results").fields().keySet()) {
      Optional<Compression> cut = GoldenKey.cut(key);
      if (cut.isPresent()) {
        tests.add(dynamicTest(key, () -> reference.check(key, cut.get())));
      }
    }
    assertFalse(tests.isEmpty(), "no result of a cut we have in " + file);
    return tests;
  }

  /** What torch says of one model. */
  private record Reference(Json golden, SafetensorsFile arrays, Model dense) {
    void check(String key, Compression cut) {
      Json result = golden.at("results").at(key);
      Model model = cut.apply(dense);
      if (result.at("kept_layers").present()) {
        assertArrayEquals(
            result.at("kept_layers").integers(),
            model.blocks().stream().mapToInt(Block::origin).toArray(),
            "kept layers");
      }
      String same = result.at("same_as").present() ? result.at("same_as").text() : key;
      Json values = golden.at("results").at(same);
      Map<String, List<Tensor>> weights = linearWeights(model);
      if (values.at("mask_layers").present()) {
        checkMasks(same, values.at("mask_layers").texts(), weights);
      }
      if (values.at("weights").present()) {
        values
            .at("weights")
            .fields()
            .forEach((name, sums) -> checkSums(name, sums, weights.get(name)));
      }
      checkLogitsAndLoss(same, values, model);
    }

    private void checkMasks(String key, List<String> layers, Map<String, List<Tensor>> weights) {
      float[] stored = arrays.tensor(key + ".mask_bits").toFloats();
      byte[] bytes = new byte[stored.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (int) stored[i];
      }
      BitSet expected = BitSet.valueOf(bytes);
      BitSet actual = new BitSet();
      int at = 0;
      for (String layer : layers) {
        for (Tensor weight : weights.get(layer)) {
          for (int i = 0; i < weight.shape().elements(); i++, at++) {
            actual.set(at, !(weight instanceof MaskedTensor masked) || masked.mask().keeps(i));
          }
        }
      }
      assertEquals(expected, actual, "masks");
    }

    private static void checkSums(String name, Json sums, List<Tensor> parts) {
      FloatBuffer all =
          FloatBuffer.allocate(
              parts.stream().mapToInt(part -> (int) part.shape().elements()).sum());
      parts.forEach(part -> all.put(part.toFloats()));
      float[] values = all.array();
      double sum = 0;
      double magnitudes = 0;
      double squares = 0;
      for (float value : values) {
        sum += value;
        magnitudes += Math.abs(value);
        squares += (double) value * value;
      }
      double scale = magnitudes / values.length;
      long zeros = parts.stream().mapToLong(Tensor::zeros).sum();
      assertEquals(sums.at("zeros").longInteger(), zeros, name);
      assertEquals(sums.at("mean").number(), sum / values.length, 1e-7 * scale, name);
      assertEquals(sums.at("abs_mean").number(), scale, 1e-7 * scale, name);
      assertEquals(sums.at("norm").number(), Math.sqrt(squares), 1e-7 * Math.sqrt(squares), name);
      double[] first = sums.at("first8").numbers();
      for (int i = 0; i < first.length; i++) {
        assertEquals(first[i], values[i], 1e-7 * scale, name);
      }
    }

    private void checkLogitsAndLoss(String key, Json values, Model model) {
      int[] positions = golden.at("logits_positions").integers();
      float[] expected = arrays.tensor(key + ".logits").toFloats();
      double logitTolerance = golden.at("tolerance").at("logits_abs").number();
      double lossTolerance = golden.at("tolerance").at("nll_abs").number();
      boolean masked = model.config().family().kind() == Family.Kind.MASKED;
      try (Session session =
          masked
              ? EncoderSession.open(model, WeightFormat.FLOAT32)
              : DecoderSession.open(model, WeightFormat.FLOAT32)) {
        float[][] logits = logits(session, golden.at("probe_ids").integers(), positions);
        for (int row = 0; row < logits.length; row++) {
          for (int v = 0; v < logits[row].length; v++) {
            assertEquals(expected[row * logits[row].length + v], logits[row][v], logitTolerance);
          }
        }
        double total = 0;
        int scored = 0;
        for (Json line : golden.at("eval").items()) {
          double[] losses = losses(session, line);
          total += Arrays.stream(losses).sum();
          scored += losses.length;
        }
        assertEquals(values.at("heldout_tokens").integer(), scored);
        assertEquals(values.at("heldout_mean_nll").number(), total / scored, lossTolerance, "loss");
      }
    }

    private static double[] losses(Session session, Json line) {
      int[] ids = line.at("input_ids").integers();
      int[] labels =
          line.at("labels").present()
              ? line.at("labels").integers()
              : IntStream.range(0, ids.length)
                  .map(i -> i + 1 < ids.length ? ids[i + 1] : -100)
                  .toArray();
      int[] positions = IntStream.range(0, ids.length).filter(i -> labels[i] >= 0).toArray();
      float[][] logits = logits(session, ids, positions);
      return IntStream.range(0, positions.length)
          .mapToDouble(i -> negativeLogProbability(logits[i], labels[positions[i]]))
          .toArray();
    }

    private static float[][] logits(Session session, int[] ids, int[] positions) {
      return session instanceof EncoderSession encoder
          ? encoder.logits(List.of(EncoderSession.Input.of(ids, positions)))
          : ((DecoderSession) session).logits(TokenTree.chain(ids), positions);
    }

    private static double negativeLogProbability(float[] logits, int label) {
      double highest = Double.NEGATIVE_INFINITY;
      for (float logit : logits) {
        highest = Math.max(highest, logit);
      }
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit - highest);
      }
      return highest + Math.log(sum) - logits[label];
    }

    /** By the reference's names: queries, keys and values that are stored as one are one. */
    private static Map<String, List<Tensor>> linearWeights(Model model) {
      Map<String, List<Tensor>> weights = new LinkedHashMap<>();
      for (int block = 0; block < model.blocks().size(); block++) {
        for (var entry : model.blocks().get(block).parameters().entrySet()) {
          Role role = entry.getKey();
          if (role.isBlockLinear()) {
            weights
                .computeIfAbsent(new Site(block, role).matrix(model), name -> new ArrayList<>())
                .add(entry.getValue().weight());
          }
        }
      }
      return weights;
    }
  }
}
