package io.kerf.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.compress.Compression;
import io.kerf.compress.DynamicInt8;
import io.kerf.compress.LayerRemoval;
import io.kerf.compress.Magnitude;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.Scope;
import io.kerf.format.SafetensorsFile;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every model of the fixtures, written, run by ONNX Runtime and compared. */
class OnnxGoldenTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicContainer> models() {
    List<Path> found = Fixtures.cases("models", "*").stream().filter(OnnxGoldenTest::ours).toList();
    assertFalse(found.isEmpty(), "no model of a family that we have");
    return found.stream().map(f -> dynamicContainer(f.getFileName().toString(), tests(f)));
  }

  private static boolean ours(Path folder) {
    String type = Json.read(folder.resolve("config.json")).at("model_type").text();
    return Arrays.stream(Family.values()).anyMatch(f -> f.modelType().equals(type));
  }

  private Stream<DynamicTest> tests(Path golden) {
    Model model = ModelReader.read(golden);
    Json json = Json.read(golden.resolve("golden.json"));
    SafetensorsFile tensors = SafetensorsFile.open(golden.resolve("golden.safetensors"));
    boolean two = model.config().family().kind() == Family.Kind.ENCODER_DECODER;
    Stream<DynamicTest> whole =
        two
            ? Stream.of(
                dynamicTest("texts", () -> texts(model, json, tensors)),
                dynamicTest("padded batch", () -> likelihoods(model, json)))
            : Stream.of(
                dynamicTest("single text", () -> single(model, json, tensors)),
                dynamicTest("padded batch", () -> batch(model, json, tensors)),
                dynamicTest("two segments", () -> pair(model, json, tensors)));
    Stream<DynamicTest> cached =
        model.config().family().kind() == Family.Kind.CAUSAL
            ? Stream.of(dynamicTest("in two parts, cached", () -> cached(model, json, tensors)))
            : Stream.of();
    boolean untrimmed = two || model.blocks().size() == 1;
    Model trimmed = untrimmed ? model : LayerRemoval.layers(1).apply(model);
    int[] text =
        (two ? json.at("seq2seq").at(0).at("input_ids") : json.at("single").at("ids")).integers();
    return Stream.of(
            whole,
            cached,
            Stream.of(dynamicTest("dynamic int8", () -> dynamic(trimmed, text))),
            Stream.of(
                    RoundToNearest.int8(),
                    RoundToNearest.int8().asymmetric(),
                    RoundToNearest.int8().perTensor(),
                    RoundToNearest.int8().in(Scope.ALL, Scope.EMBEDDINGS),
                    RoundToNearest.bits(8).group(16).allowShortGroup().in(Scope.ALL, Scope.HEAD),
                    RoundToNearest.int4().group(8).allowShortGroup(),
                    RoundToNearest.int4().group(32).allowShortGroup().asymmetric(),
                    RoundToNearest.int4().symmetricFullRange().perChannel(),
                    Magnitude.of(0.5))
                .map(cut -> dynamicTest(cut.label(), () -> cut(trimmed, cut, text))))
        .flatMap(tests -> tests);
  }

  /** The second part of a text sees the first through its keys and values. */
  private void cached(Model model, Json json, SafetensorsFile tensors) {
    Json single = json.at("single");
    int[] ids = single.at("ids").integers();
    int half = ids.length / 2;
    float[] want = tensors.tensor(single.at("logits_tensor").text()).toFloats();
    int vocabulary = model.config().vocabulary();
    var sizes = model.config().attention();
    long[] empty = {1, sizes.keyValueHeads(), 0, sizes.headWidth()};
    try (OrtModel onnx = written(model, OnnxOptions.of().withCache())) {
      Map<String, OrtModel.Array> past = new HashMap<>();
      for (String name : onnx.inputs()) {
        if (name.startsWith("past_key_values.")) {
          past.put(name, new OrtModel.Array(new float[0], empty));
        }
      }
      assertEquals(2 * model.blocks().size(), past.size());
      var first = onnx.run(OrtModel.single(Arrays.copyOf(ids, half)), past);
      past.replaceAll((name, any) -> first.get(name.replace("past_key_values", "present")));
      long[][] rest = {wide(Arrays.copyOfRange(ids, half, ids.length))};
      long[][] all = OrtModel.single(ids).get("attention_mask");
      var second = onnx.run(Map.of("input_ids", rest, "attention_mask", all), past);
      assertArrayEquals(
          Arrays.copyOf(want, half * vocabulary), first.get("logits").values(), TOLERANCE);
      assertArrayEquals(
          Arrays.copyOfRange(want, half * vocabulary, want.length),
          second.get("logits").values(),
          TOLERANCE);
    }
  }

  /** An input on the border of two codes may fall on either side, so that values are near alone. */
  private void dynamic(Model model, int[] ids) {
    Model made = DynamicInt8.of().apply(model);
    float[] want = KerfLogits.of(made, ids);
    float[] rounded = KerfLogits.of(model, ids);
    try (OrtModel onnx = written(made, OnnxOptions.of())) {
      float[] seen =
          onnx.logits(OrtModel.withDecoder(OrtModel.single(ids), new long[][] {wide(ids)}));
      double apart = OrtModel.distance(seen, want);
      double cost = OrtModel.distance(rounded, want);
      assertTrue(apart < cost / 2, apart + " apart, rounding costs " + cost);
    }
  }

  private void texts(Model model, Json json, SafetensorsFile tensors) {
    try (OrtModel onnx = written(model)) {
      for (Json text : json.at("seq2seq").items()) {
        if (text.at("logits_tensor").present()) {
          float[] seen =
              onnx.logits(
                  OrtModel.withDecoder(
                      OrtModel.single(text.at("input_ids").integers()),
                      new long[][] {wide(text.at("decoder_input_ids").integers())}));
          String tensor = text.at("logits_tensor").text();
          assertArrayEquals(tensors.tensor(tensor).toFloats(), seen, TOLERANCE, tensor);
        }
      }
    }
  }

  private void likelihoods(Model model, Json json) {
    Json batch = json.at("batch");
    long[][] labels = longs(batch.at("labels"));
    long[][] before = new long[labels.length][labels[0].length];
    for (int row = 0; row < labels.length; row++) {
      before[row][0] = model.config().special().decoderStart();
      for (int t = 1; t < labels[row].length; t++) {
        before[row][t] = Math.max(0, labels[row][t - 1]);
      }
    }
    double[] want = batch.at("row_log_likelihood").numbers();
    int vocabulary = model.config().vocabulary();
    try (OrtModel onnx = written(model)) {
      float[] seen =
          onnx.logits(
              OrtModel.withDecoder(
                  Map.of(
                      "input_ids", longs(batch.at("input_ids")),
                      "attention_mask", longs(batch.at("attention_mask"))),
                  before));
      for (int row = 0; row < labels.length; row++) {
        double sum = 0;
        for (int t = 0; t < labels[row].length; t++) {
          if (labels[row][t] >= 0) {
            int at = (row * labels[0].length + t) * vocabulary;
            sum += logSoftmax(Arrays.copyOfRange(seen, at, at + vocabulary), labels[row][t]);
          }
        }
        assertEquals(want[row], sum, 10 * TOLERANCE, "row " + row); // a sum of some ten tokens
      }
    }
  }

  private static double logSoftmax(float[] logits, long token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - logits[(int) token]);
    }
    return -Math.log(sum);
  }

  private void single(Model model, Json json, SafetensorsFile tensors) {
    Json single = json.at("single");
    try (OrtModel onnx = written(model)) {
      float[] seen = onnx.logits(OrtModel.single(single.at("ids").integers()));
      String tensor = single.at("logits_tensor").text();
      assertArrayEquals(tensors.tensor(tensor).toFloats(), seen, TOLERANCE, tensor);
    }
  }

  private void batch(Model model, Json json, SafetensorsFile tensors) {
    Json batch = json.at("batch");
    long[][] ids = longs(batch.at("ids"));
    long[][] mask = longs(batch.at("attention_mask"));
    int vocabulary = model.config().vocabulary();
    float[] want = tensors.tensor(batch.at("last_logits_tensor").text()).toFloats();
    try (OrtModel onnx = written(model)) {
      float[] seen =
          onnx.logits(
              Map.of(
                  "input_ids", ids,
                  "attention_mask", mask,
                  "token_type_ids", new long[ids.length][ids[0].length]));
      for (int row = 0; row < ids.length; row++) {
        int last = (int) Arrays.stream(mask[row]).sum() - 1;
        int at = (row * ids[0].length + last) * vocabulary;
        assertArrayEquals(
            Arrays.copyOfRange(want, row * vocabulary, (row + 1) * vocabulary),
            Arrays.copyOfRange(seen, at, at + vocabulary),
            TOLERANCE,
            "row " + row);
      }
    }
  }

  private void pair(Model model, Json json, SafetensorsFile tensors) {
    Json pair = json.at("pair");
    if (!pair.present()) {
      return; // a decoder has no segments
    }
    long[][] ids = {wide(pair.at("ids").integers())};
    long[][] types = {wide(pair.at("type_ids").integers())};
    long[][] mask = {new long[ids[0].length]};
    Arrays.fill(mask[0], 1);
    try (OrtModel onnx = written(model)) {
      float[] seen =
          onnx.logits(Map.of("input_ids", ids, "token_type_ids", types, "attention_mask", mask));
      String tensor = pair.at("logits_tensor").text();
      assertArrayEquals(tensors.tensor(tensor).toFloats(), seen, TOLERANCE, tensor);
    }
  }

  /** What is cut has the logits of Kerf's float32 session on the same weights, dequantised. */
  private void cut(Model model, Compression cut, int[] ids) {
    Model made = cut.apply(model);
    try (OrtModel onnx = written(made)) {
      float[] seen =
          onnx.logits(OrtModel.withDecoder(OrtModel.single(ids), new long[][] {wide(ids)}));
      assertArrayEquals(KerfLogits.of(made, ids), seen, TOLERANCE, cut.label());
    }
  }

  private OrtModel written(Model model) {
    return written(model, OnnxOptions.of());
  }

  private OrtModel written(Model model, OnnxOptions options) {
    Path file = folder.resolve("model.onnx");
    OnnxExport.write(model, file, options.overwrite(), "test", ProgressListener.NONE);
    return OrtModel.open(file);
  }

  private static long[][] longs(Json rows) {
    return rows.items().stream().map(row -> wide(row.integers())).toArray(long[][]::new);
  }

  private static long[] wide(int[] ids) {
    return Arrays.stream(ids).asLongStream().toArray();
  }
}
