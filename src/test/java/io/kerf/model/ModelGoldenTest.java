package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.format.WeightFile;
import io.kerf.json.Json;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every model of the fixtures whose architecture we have, file by file. */
class ModelGoldenTest {
  private static final Set<String> KNOWN =
      Arrays.stream(Family.values()).map(Family::modelType).collect(Collectors.toSet());

  private static final Pattern PART = Pattern.compile("(.*)\\[(\\w+)\\](.*)");

  /** GPT-2's matrices: (in, out). */
  private static final Pattern INPUTS_FIRST =
      Pattern.compile(".*\\.h\\.\\d+\\.(attn|mlp)\\.c_.*\\.weight");

  static List<Path> models() {
    List<Path> models =
        Fixtures.cases("models", "*").stream()
            .filter(folder -> KNOWN.contains(modelType(folder)))
            .toList();
    assertFalse(models.isEmpty(), "no model of a known architecture in " + Fixtures.root());
    return models;
  }

  private static String modelType(Path folder) {
    return Json.read(folder.resolve("config.json")).at("model_type").text();
  }

  @TestFactory
  Stream<DynamicNode> readsModels() {
    return models().stream()
        .map(
            folder ->
                dynamicContainer(
                    folder.getFileName().toString(),
                    List.of(
                        dynamicTest("weights", () -> weights(folder)),
                        dynamicTest("sizes", () -> sizes(folder)),
                        dynamicTest("spellings", () -> spellings(folder)))));
  }

  /** Each layer holds what the file has under its Hugging Face name. */
  private static void weights(Path folder) {
    Model model = ModelReader.read(folder);
    WeightFile file = WeightFile.open(folder);
    model.shared().forEach((role, layer) -> assertLayer(file, model, role, -1, layer));
    for (int i = 0; i < model.blocks().size(); i++) {
      int block = i;
      model
          .blocks()
          .get(block)
          .parameters()
          .forEach((role, layer) -> assertLayer(file, model, role, block, layer));
    }
  }

  private static void assertLayer(
      WeightFile file, Model model, Role role, int block, Parameter layer) {
    String name = model.layerName(role, block);
    if (layer.weight() != null) {
      assertSameValues(stored(file, model, name + ".weight"), layer.weight(), name);
    }
    // Hugging Face writes the head's bias one module higher in BERT, RoBERTa and ALBERT; an untied
    // RoBERTa has both and computes with its head's own.
    String own = name + ".bias";
    String higher = name.replaceFirst("(predictions|lm_head)\\.decoder$", "$1") + ".bias";
    String bias = file.has(own) ? own : higher;
    layer.optionalBias().ifPresent(seen -> assertSameValues(stored(file, model, bias), seen, bias));
  }

  /** What the file holds for "module.weight", or for a part of it, "module[query].weight". */
  private static Tensor stored(WeightFile file, Model model, String name) {
    Matcher part = PART.matcher(name);
    Tensor tensor = file.tensor(part.matches() ? part.group(1) + part.group(3) : name);
    boolean inByOut = INPUTS_FIRST.matcher(name).matches();
    if (!part.matches() && !inByOut) {
      return tensor;
    }
    int columns = tensor.shape().dimensions() == 1 ? 1 : tensor.shape().size(inByOut ? 0 : 1);
    int stored = tensor.shape().size(inByOut ? 1 : 0);
    float[] values = tensor.toFloats();
    int rows = part.matches() ? stored / 3 : stored;
    float[] wanted = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      int from = part.matches() ? fusedRow(model, part.group(2), row, rows) : row;
      for (int column = 0; column < columns; column++) {
        wanted[row * columns + column] =
            values[inByOut ? column * stored + from : from * columns + column];
      }
    }
    return tensor.shape().dimensions() == 1
        ? FloatTensor.of(wanted, rows)
        : FloatTensor.of(wanted, rows, columns);
  }

  private static int fusedRow(Model model, String part, int row, int rows) {
    int third = List.of("query", "key", "value").indexOf(part);
    int width = model.config().attention().headWidth();
    return model.config().family() == Family.GPT_NEOX
        ? (row / width * 3 + third) * width + row % width // head by head
        : third * rows + row;
  }

  private static void assertSameValues(Tensor expected, Tensor seen, String name) {
    assertEquals(expected.shape(), seen.shape(), name);
    assertArrayEquals(expected.toFloats(), seen.toFloats(), name);
  }

  /** The same weights under other names and in other files. */
  @TestFactory
  Stream<DynamicNode> readsVariants() {
    List<Path> variants =
        Fixtures.cases("variants", "*").stream()
            .filter(folder -> KNOWN.contains(modelType(folder)))
            .toList();
    assertFalse(variants.isEmpty(), "no variant of a known architecture in " + Fixtures.root());
    return variants.stream()
        .map(folder -> dynamicTest(folder.getFileName().toString(), () -> variant(folder)));
  }

  private static void variant(Path folder) {
    String same = Json.read(folder.resolve("variant.json")).at("same_values_as").text();
    Model expected = ModelReader.read(Fixtures.root().resolve("models").resolve(same));
    Model seen = ModelReader.read(folder, expected.tokenizer());
    assertSameWeights(expected, seen);
    assertEquals(expected.config(), seen.config());
  }

  static void assertSameWeights(Model expected, Model seen) {
    assertSameWeights(expected.shared(), seen.shared());
    assertEquals(expected.blocks().size(), seen.blocks().size());
    for (int i = 0; i < expected.blocks().size(); i++) {
      assertEquals(expected.blocks().get(i).origin(), seen.blocks().get(i).origin());
      assertSameWeights(expected.blocks().get(i).parameters(), seen.blocks().get(i).parameters());
    }
  }

  private static void assertSameWeights(Map<Role, Parameter> expected, Map<Role, Parameter> seen) {
    assertEquals(expected.keySet(), seen.keySet());
    expected.forEach(
        (role, layer) -> {
          Parameter other = seen.get(role);
          assertEquals(layer.weight() == null, other.weight() == null, role.name());
          assertEquals(layer.bias() == null, other.bias() == null, role.name());
          if (layer.weight() != null) {
            assertSameValues(layer.weight(), other.weight(), role.name());
          }
          layer.optionalBias().ifPresent(bias -> assertSameValues(bias, other.bias(), role.name()));
        });
  }

  private static void sizes(Path folder) {
    Json golden = Json.read(folder.resolve("golden.json"));
    Model model = ModelReader.read(folder);
    WeightFile file = WeightFile.open(folder);
    boolean unread = file.has("lm_head.bias") && file.has("lm_head.decoder.bias"); // see above
    long bias = unread ? file.tensor("lm_head.bias").shape().elements() : 0;
    assertEquals(golden.at("parameters").longInteger(), model.elements() + bias);
    assertEquals(golden.at("tied_output_embedding").bool(), model.config().head().tied());
    assertEquals(blocks(golden), model.blocks().size());
    assertEquals("dense", model.label());
    assertEquals(folder.getFileName().toString(), model.lineage().name());
    assertTrue(model.lineage().sha256().matches("[0-9a-f]{64}"));
  }

  private static int blocks(Json golden) {
    if (golden.at("single").present()) {
      return golden.at("single").at("blocks").items().size();
    }
    Json both = golden.at("seq2seq").at(0);
    return both.at("encoder_blocks").items().size() + both.at("decoder_blocks").items().size();
  }

  /** The older spelling in place of the newer one makes the same model. */
  private static void spellings(Path folder) throws IOException {
    Path older = folder.resolve("config.v4.json");
    // A switch that the older spelling has no word for makes another model of it.
    if (!Files.exists(older)
        || Json.read(folder.resolve("golden.json")).at("config_v4_max_abs_logit_diff").number()
            != 0) {
      return;
    }
    assertEquals(blueprint(folder.resolve("config.json")), blueprint(older));
    Path copy = Files.createTempDirectory("kerf-v4");
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
      Files.copy(older, copy.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
      Model expected = ModelReader.read(folder);
      Model seen = ModelReader.read(copy);
      assertEquals(expected.config(), seen.config());
      assertSameWeights(expected, seen);
    } finally {
      try (var files = Files.list(copy)) {
        files.forEach(file -> file.toFile().delete());
      }
      Files.delete(copy);
    }
  }

  private static Blueprint blueprint(Path file) {
    HuggingFaceConfig config = new HuggingFaceConfig(Json.read(file));
    return Architecture.of(config).blueprint(config);
  }
}
