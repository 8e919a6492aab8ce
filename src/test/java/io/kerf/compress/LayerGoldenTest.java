package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.format.SafetensorsFile;
import io.kerf.json.Json;
import io.kerf.tensor.BitMask;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Single layers against what torch makes of them by the papers' definitions: exact. */
class LayerGoldenTest {
  private static final Path FOLDER = Fixtures.root().resolve("compression");

  private final Json golden = Json.read(FOLDER.resolve("layers.json"));
  private final SafetensorsFile arrays = SafetensorsFile.open(FOLDER.resolve("layers.safetensors"));

  @TestFactory
  List<DynamicTest> magnitudeMasksAreExact() {
    List<DynamicTest> tests = new ArrayList<>();
    golden
        .at("cases")
        .fields()
        .forEach(
            (name, methods) ->
                methods.fields().keySet().stream()
                    .filter(key -> key.startsWith("magnitude."))
                    .filter(key -> arrays.has(name + "." + key + ".mask"))
                    .forEach(
                        key -> tests.add(dynamicTest(name + " " + key, () -> mask(name, key)))));
    return some(tests);
  }

  private void mask(String name, String key) {
    String[] words = key.split("\\.", 3); // magnitude.row.0.5 or magnitude.2:4
    Tensor weight = arrays.tensor(name + ".W");
    BitMask mask;
    if (words[1].contains(":")) {
      String[] pattern = words[1].split(":");
      mask =
          SemiStructuredMagnitude.of(Integer.parseInt(pattern[0]), Integer.parseInt(pattern[1]))
              .mask(weight);
    } else {
      Magnitude magnitude = Magnitude.of(Double.parseDouble(words[2]));
      magnitude = words[1].equals("row") ? magnitude.perRow() : magnitude.perLayer();
      mask = magnitude.masks(List.of(weight)).get(0);
    }
    assertArrayEquals(arrays.tensor(name + "." + key + ".mask").toFloats(), floats(mask));
    assertEquals(golden.at("cases").at(name).at(key).at("kept").longInteger(), mask.kept());
  }

  @TestFactory
  List<DynamicTest> globalMagnitudeMasksAreExact() {
    List<DynamicTest> tests = new ArrayList<>();
    golden
        .at("cases")
        .fields()
        .forEach(
            (name, methods) -> {
              Map<Double, List<String>> layersBySparsity = new LinkedHashMap<>();
              for (String key : methods.fields().keySet()) {
                if (key.startsWith("global.")) { // global.0.25.layer0
                  int dot = key.lastIndexOf('.');
                  layersBySparsity
                      .computeIfAbsent(
                          Double.valueOf(key.substring("global.".length(), dot)),
                          s -> new ArrayList<>())
                      .add(key.substring(dot + 1));
                }
              }
              layersBySparsity.forEach(
                  (sparsity, layers) ->
                      tests.add(
                          dynamicTest(
                              name + " global " + sparsity,
                              () -> globalMasks(name, sparsity, layers))));
            });
    return some(tests);
  }

  private void globalMasks(String name, double sparsity, List<String> layers) {
    List<Tensor> weights =
        layers.stream().map(layer -> arrays.tensor(name + "." + layer + ".W")).toList();
    List<BitMask> masks = Magnitude.of(sparsity).masks(weights);
    for (int i = 0; i < layers.size(); i++) {
      String key = name + ".global." + sparsity + "." + layers.get(i) + ".mask";
      assertArrayEquals(arrays.tensor(key).toFloats(), floats(masks.get(i)), key);
    }
  }

  @TestFactory
  List<DynamicTest> roundingIsExact() {
    List<DynamicTest> tests = new ArrayList<>();
    golden
        .at("cases")
        .fields()
        .forEach(
            (name, methods) ->
                methods.fields().keySet().stream()
                    .filter(key -> key.startsWith("rtn."))
                    .forEach(
                        key ->
                            tests.add(dynamicTest(name + " " + key, () -> rounding(name, key)))));
    return some(tests);
  }

  private void rounding(String name, String key) {
    Json settings = golden.at("cases").at(name).at(key);
    Tensor weight = arrays.tensor(name + ".W");
    QuantizedTensor quantized = RoundToNearest.of(format(settings)).quantize(weight);
    String prefix = name + "." + key;
    float[] codes = new float[(int) weight.shape().elements()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = quantized.code(i);
    }
    assertArrayEquals(arrays.tensor(prefix + ".codes").toFloats(), codes, "codes");
    float[] scales = new float[quantized.groups()];
    float[] zeros = new float[quantized.groups()];
    for (int group = 0; group < scales.length; group++) {
      scales[group] = quantized.scale(group);
      zeros[group] = quantized.zero(group);
    }
    assertArrayEquals(arrays.tensor(prefix + ".scales").toFloats(), scales, "scales");
    assertArrayEquals(arrays.tensor(prefix + ".zeros").toFloats(), zeros, "zeros");
    float[] values = quantized.toFloats();
    if (arrays.has(prefix + ".weight")) {
      float[] expected = arrays.tensor(prefix + ".weight").toFloats();
      for (int i = 0; i < expected.length; i++) {
        expected[i] += 0.0f; // torch has -0 where a small negative weight was rounded away
      }
      assertArrayEquals(expected, values, "weight");
    }
    float[] dense = weight.toFloats();
    double squares = 0;
    for (int i = 0; i < dense.length; i++) {
      squares += ((double) dense[i] - values[i]) * ((double) dense[i] - values[i]);
    }
    double mse = settings.at("mse").number();
    assertEquals(mse, squares / dense.length, 1e-5 * mse, "mse");
  }

  private static IntegerFormat format(Json settings) {
    String scheme = settings.at("scheme").text();
    Granularity granularity =
        Granularity.valueOf(settings.at("granularity").text().toUpperCase(java.util.Locale.ROOT));
    return new IntegerFormat(
        settings.at("bits").integer(),
        Arrays.stream(Scheme.values())
            .filter(s -> s.label().equals(scheme))
            .findAny()
            .orElseThrow(),
        granularity,
        granularity == Granularity.GROUP ? settings.at("group_size").integer() : 0);
  }

  @TestFactory
  List<DynamicTest> keptLayersAreExact() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Json row : golden.at("layers_kept").items()) {
      LayerStrategy strategy = LayerStrategy.named(row.at("strategy").text());
      int layers = row.at("layers").integer();
      int remove = row.at("remove").integer();
      tests.add(
          dynamicTest(
              remove + " of " + layers + " " + strategy.label(),
              () ->
                  assertEquals(
                      Arrays.stream(row.at("kept").integers()).boxed().toList(),
                      strategy.layersKept(layers, remove))));
    }
    return some(tests);
  }

  private static List<DynamicTest> some(List<DynamicTest> tests) {
    assertFalse(tests.isEmpty(), "no case of this method in " + FOLDER);
    return tests;
  }

  private static float[] floats(BitMask mask) {
    float[] bits = new float[(int) mask.length()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = mask.keeps(i) ? 1 : 0;
    }
    return bits;
  }
}
