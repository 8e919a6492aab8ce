package io.kerf.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.compress.DynamicInt8;
import io.kerf.compress.Magnitude;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.Scope;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.RandomModels;
import io.kerf.engine.WeightFormat;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxExportTest {
  private static final float TOLERANCE = 1e-4f;
  private static final int[] TEXT = {1, 5, 9, 30, 2, 17, 44, 8};

  private final Model model = RandomModels.llama(2, 32, 4, 2, 64, 50);
  @TempDir Path folder;

  @Test
  void paddingOnEitherSideMovesNoLogit() {
    int[][] texts = {TEXT, {3, 4, 5}, {49}};
    try (OrtModel onnx = written(model, OnnxOptions.of())) {
      for (boolean left : List.of(true, false)) {
        float[] seen = onnx.logits(OrtModel.padded(texts, TEXT.length, 0, left));
        for (int row = 0; row < texts.length; row++) {
          int first = row * TEXT.length + (left ? TEXT.length - texts[row].length : 0);
          assertArrayEquals(
              KerfLogits.of(model, texts[row]),
              Arrays.copyOfRange(seen, 50 * first, 50 * (first + texts[row].length)),
              TOLERANCE);
        }
      }
    }
  }

  @Test
  void aCacheGivesTheSameLogitsTokenByToken() {
    float[] want = KerfLogits.of(model, TEXT);
    try (OrtModel onnx = written(model, OnnxOptions.of().withCache())) {
      Map<String, OrtModel.Array> past = new HashMap<>();
      for (String input : onnx.inputs()) {
        if (input.startsWith("past_key_values.")) {
          past.put(input, new OrtModel.Array(new float[0], new long[] {1, 2, 0, 8}));
        }
      }
      assertEquals(4, past.size());
      int[] steps = {0, 3, 4, 8}; // three tokens at once, then one, then four
      for (int step = 1; step < steps.length; step++) {
        int[] part = Arrays.copyOfRange(TEXT, steps[step - 1], steps[step]);
        long[][] mask = {new long[steps[step]]};
        Arrays.fill(mask[0], 1);
        long[][] ids = {Arrays.stream(part).asLongStream().toArray()};
        var out = onnx.run(Map.of("input_ids", ids, "attention_mask", mask), past);
        assertArrayEquals(
            Arrays.copyOfRange(want, 50 * steps[step - 1], 50 * steps[step]),
            out.get("logits").values(),
            TOLERANCE);
        past.replaceAll((name, any) -> out.get(name.replace("past_key_values", "present")));
        assertEquals(steps[step], past.get("past_key_values.1.key").shape()[2]);
      }
    }
  }

  @Test
  void codesAreTheVariantsOwn() throws IOException {
    Model quantized = RoundToNearest.int4().group(16).in(Scope.FFN).apply(model);
    Path file = folder.resolve("codes.onnx");
    write(quantized, file, OnnxOptions.of());
    assertTrue(Files.size(file) < model.sizeBytes());
    try (OrtModel onnx = OrtModel.open(file)) {
      assertArrayEquals(
          KerfLogits.of(quantized, TEXT), onnx.logits(OrtModel.single(TEXT)), TOLERANCE);
    }
  }

  @Test
  void prunedCodesStandForZero() {
    Model both = Magnitude.of(0.4).apply(RoundToNearest.int4().group(16).asymmetric().apply(model));
    try (OrtModel onnx = written(both, OnnxOptions.of().int4())) {
      assertArrayEquals(KerfLogits.of(both, TEXT), onnx.logits(OrtModel.single(TEXT)), TOLERANCE);
    }
  }

  @Test
  void dynamicInt8RunsInIntegersAsTheSessionDoes() {
    Model dynamic = DynamicInt8.of().apply(model);
    float[] want = KerfLogits.of(dynamic, TEXT);
    float[] plain = KerfLogits.of(model, TEXT);
    try (OrtModel onnx = written(dynamic, OnnxOptions.of())) {
      float[] seen = onnx.logits(OrtModel.single(TEXT));
      // An input on the border of two codes may fall on either side: far below what rounding costs.
      assertTrue(OrtModel.distance(seen, want) < OrtModel.distance(plain, want) / 20);
    }
  }

  @Test
  void packedCodesGiveTheSameLogitsWhereInputsAreNotRounded() {
    Map<String, String> exact = Map.of("session.qdq_matmulnbits_accuracy_level", "1");
    for (RoundToNearest rounding :
        List.of(
            RoundToNearest.int8(),
            RoundToNearest.int8().asymmetric(),
            RoundToNearest.int8().perTensor(),
            RoundToNearest.int4().group(16),
            RoundToNearest.int4().group(32).asymmetric(),
            RoundToNearest.int4().group(16).in(Scope.ALL, Scope.HEAD, Scope.EMBEDDINGS),
            RoundToNearest.int4().group(8).symmetricFullRange())) {
      Model quantized = rounding.apply(model);
      Path file = folder.resolve("packed.onnx");
      write(quantized, file, OnnxOptions.of().withPackedCodes().overwrite());
      try (OrtModel onnx = OrtModel.open(file, exact)) {
        assertArrayEquals(
            KerfLogits.of(quantized, TEXT),
            onnx.logits(OrtModel.single(TEXT)),
            TOLERANCE,
            rounding.label());
      }
    }
  }

  @Test
  void packedCodesNeedWholeGroups() {
    refused(
        RoundToNearest.int4().group(24).allowShortGroup().apply(model),
        OnnxOptions.of().withPackedCodes(),
        "model.layers.0.self_attn.q_proj.weight: 32 columns is not a multiple of group 24, and"
            + " withPackedCodes() needs whole groups; write it with onnx() alone, or quantize with another"
            + " group");
  }

  @Test
  void dynamicCodesThatWerePrunedRunInFloat32AsInTheSession() {
    Model pruned = Magnitude.of(0.3).apply(DynamicInt8.of().apply(model));
    try (OrtModel onnx = written(pruned, OnnxOptions.of())) {
      assertArrayEquals(KerfLogits.of(pruned, TEXT), onnx.logits(OrtModel.single(TEXT)), TOLERANCE);
    }
  }

  @Test
  void aDynamicVariantMayBeWrittenAsItsValues() {
    Model dynamic = DynamicInt8.of().apply(model);
    Model sameCodes = RoundToNearest.int8().apply(model);
    try (OrtModel onnx = written(dynamic, OnnxOptions.of().float32())) {
      assertArrayEquals(
          KerfLogits.of(sameCodes, TEXT), onnx.logits(OrtModel.single(TEXT)), TOLERANCE);
    }
  }

  @Test
  void aModelInTwoFilesHasTheSameLogits() {
    Model quantized = RoundToNearest.int4().group(16).in(Scope.FFN).apply(model);
    Path file = folder.resolve("split.onnx");
    OnnxExport.write(quantized, file, OnnxOptions.of(), "test", ProgressListener.NONE, 0);
    assertTrue(Files.exists(folder.resolve("split.onnx.data")));
    try (OrtModel onnx = OrtModel.open(file)) {
      assertArrayEquals(
          KerfLogits.of(quantized, TEXT), onnx.logits(OrtModel.single(TEXT)), TOLERANCE);
    }
  }

  @Test
  void longTextsKeepTheirPositions() {
    int[] ids = new Random(3).ints(700, 0, 50).toArray();
    try (OrtModel onnx = written(model, OnnxOptions.of());
        DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      assertArrayEquals(session.trace(ids).logits(), onnx.logits(OrtModel.single(ids)), TOLERANCE);
    }
  }

  @Test
  void theFileSaysWhereItComesFrom() {
    Model pruned = Magnitude.of(0.5).apply(model);
    try (OrtModel onnx = written(pruned, OnnxOptions.of())) {
      Map<String, String> said = onnx.metadata();
      assertEquals("test", said.get("kerf.version"));
      assertEquals(model.lineage().sha256(), said.get("kerf.sha256"));
      assertEquals(model.lineage().origin(), said.get("kerf.origin"));
      assertEquals(pruned.label(), said.get("kerf.variant"));
      Json steps = Json.parse(said.get("kerf.steps"), "kerf.steps");
      assertEquals("0.5", steps.at(0).at("settings").at("requested sparsity").text());
    }
  }

  @Test
  void codesThatOnnxHasNoIntegerForAreRefused() {
    refused(
        RoundToNearest.bits(3).group(16).apply(model),
        OnnxOptions.of(),
        "model.layers.0.self_attn.q_proj.weight is int3 sym group 16, and ONNX has integers of 4 and"
            + " of 8 bits; quantize with bits(4) or bits(8), or save the values that the codes stand"
            + " for with onnx().float32()");
  }

  @Test
  void codesOfOtherBitsThanAskedAreNotRoundedAgain() {
    refused(
        RoundToNearest.int8().in(Scope.FFN).apply(model),
        OnnxOptions.of().int4(),
        "model.layers.0.mlp.gate_proj is int8 sym channel and is not rounded a second time to 4"
            + " bits; write this variant as it is held with onnx(), or quantize the dense one");
  }

  @Test
  void aCacheIsForModelsThatWrite() {
    for (Path each : Fixtures.cases("models", "*")) {
      String type = Json.read(each.resolve("config.json")).at("model_type").text();
      if (type.equals(Family.BERT.modelType())) {
        refused(
            ModelReader.read(each),
            OnnxOptions.of().withCache(),
            ModelReader.read(each).lineage().name()
                + " is a bert: withCache() is for decoders without an encoder");
      }
    }
  }

  private void refused(Model refused, OnnxOptions options, String message) {
    Path file = folder.resolve("refused.onnx");
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> write(refused, file, options))
            .getMessage());
    assertTrue(Files.notExists(file));
  }

  private OrtModel written(Model written, OnnxOptions options) {
    Path file = folder.resolve("model.onnx");
    write(written, file, options.overwrite());
    return OrtModel.open(file);
  }

  private static void write(Model model, Path file, OnnxOptions options) {
    OnnxExport.write(model, file, options, "test", ProgressListener.NONE);
  }
}
