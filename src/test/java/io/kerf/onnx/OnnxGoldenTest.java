package io.kerf.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.compress.Compression;
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
    Model trimmed = LayerRemoval.layers(1).apply(model);
    return Stream.concat(
        Stream.of(
            dynamicTest("single text", () -> single(model, json, tensors)),
            dynamicTest("padded batch", () -> batch(model, json, tensors)),
            dynamicTest("two segments", () -> pair(model, json, tensors))),
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
            .map(cut -> dynamicTest(cut.label(), () -> cut(trimmed, cut, json))));
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
    long[][] ids = {Arrays.stream(pair.at("ids").integers()).asLongStream().toArray()};
    long[][] types = {Arrays.stream(pair.at("type_ids").integers()).asLongStream().toArray()};
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
  private void cut(Model model, Compression cut, Json json) {
    Model made = cut.apply(model);
    int[] ids = json.at("single").at("ids").integers();
    try (OrtModel onnx = written(made)) {
      float[] seen = onnx.logits(OrtModel.single(ids));
      assertArrayEquals(KerfLogits.of(made, ids), seen, TOLERANCE, cut.label());
    }
  }

  private OrtModel written(Model model) {
    Path file = folder.resolve("model.onnx");
    OnnxExport.write(model, file, OnnxOptions.of().replacing(), "test", ProgressListener.NONE);
    return OrtModel.open(file);
  }

  private static long[][] longs(Json rows) {
    return rows.items().stream()
        .map(row -> Arrays.stream(row.integers()).asLongStream().toArray())
        .toArray(long[][]::new);
  }
}
