package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.compress.LayerRemoval;
import io.kerf.compress.Magnitude;
import io.kerf.compress.Scope;
import io.kerf.engine.TinyLogits;
import io.kerf.format.GgufFile;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.StoredTensor;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files of the fixtures' models, read back. */
class GgufModelWriterTest {
  private static final ProgressListener SILENT = ProgressListener.NONE;

  @TempDir private Path folder;

  /** Those whose tokenizer and scaling GGUF can say, by our own reader. */
  private static List<Model> models() {
    List<Model> models =
        ModelGoldenTest.models().stream()
            .map(ModelReader::read)
            .filter(
                model ->
                    List.of(Family.QWEN2, Family.QWEN3, Family.GPT2)
                        .contains(model.config().family()))
            .toList();
    assertFalse(models.isEmpty(), "no model that comes as GGUF");
    return models;
  }

  @TestFactory
  Stream<DynamicTest> inFloat32NothingIsLost() {
    return models().stream().map(m -> dynamicTest(m.lineage().name(), () -> nothingIsLost(m)));
  }

  private void nothingIsLost(Model dense) {
    Model cut = dense.blocks().size() == 1 ? dense : LayerRemoval.layers(1).apply(dense);
    Model untied = Magnitude.of(0.3).in(Scope.HEAD).apply(cut);
    for (Model model : List.of(dense, cut, untied)) {
      Model back = ModelReader.read(written(model, GgufEncoding.F32));
      assertEquals(model.config().head(), back.config().head());
      assertArrayEquals(TinyLogits.of(model), TinyLogits.of(back));
      String text = "It's 12 jars of naïve café, isn't it?";
      assertArrayEquals(
          model.tokenizer().encode(text, true), back.tokenizer().encode(text, true), text);
    }
  }

  @TestFactory
  Stream<DynamicTest> writingWhatWasReadAgainGivesTheSameBytes() {
    return models().stream()
        .flatMap(
            m ->
                Stream.of(GgufEncoding.values())
                    .filter(e -> fits(m, e))
                    .map(e -> dynamicTest(m.lineage().name() + " " + e, () -> sameBytes(m, e))));
  }

  /** Blocks need rows of 32; F32 and F16 fit always, so that no model goes without a case. */
  private static boolean fits(Model model, GgufEncoding encoding) {
    int width = model.config().width();
    boolean blocks = width % 32 == 0 && model.config().feedForward() % 32 == 0;
    return encoding.matrices().blockElements() == 1 || blocks;
  }

  private void sameBytes(Model model, GgufEncoding encoding) {
    Path first = written(model, encoding);
    GgufFile once = GgufFile.open(first);
    GgufFile twice = GgufFile.open(written(ModelReader.read(first), encoding));
    assertEquals(once.tensorNames(), twice.tensorNames());
    for (String name : once.tensorNames()) {
      assertArrayEquals(bytes(once.tensor(name)), bytes(twice.tensor(name)), name);
    }
  }

  private static byte[] bytes(Tensor tensor) {
    StoredTensor stored = (StoredTensor) tensor;
    byte[] bytes = new byte[(int) stored.sizeBytes()];
    stored.bytes().read(0, bytes, 0, bytes.length);
    return bytes;
  }

  private Path written(Model model, GgufEncoding encoding) {
    Path file = folder.resolve(model.lineage().name() + System.nanoTime() + ".gguf");
    GgufModelWriter.write(model, file, encoding, false, "test", SILENT);
    return file;
  }

  @Test
  void refusesWhatTheFormatCannotSay() {
    Model masked =
        ModelGoldenTest.models().stream()
            .map(ModelReader::read)
            .filter(m -> m.config().family().kind() == Family.Kind.MASKED)
            .findFirst()
            .orElseThrow();
    String message =
        assertThrows(IllegalArgumentException.class, () -> written(masked, GgufEncoding.F32))
            .getMessage();
    assertTrue(message.contains("is not an architecture that we write; we write [llama"), message);
  }

  @Test
  void refusesColumnsThatFillNoBlocks() {
    models().stream()
        .filter(m -> m.config().width() % 32 != 0)
        .forEach(
            m -> {
              String message =
                  assertThrows(IllegalArgumentException.class, () -> written(m, GgufEncoding.Q4_0))
                      .getMessage();
              assertTrue(message.endsWith("blocks of 32; write it as F16 or F32"), message);
            });
  }

  @Test
  void replacesOnlyItsOwnAndOnlyWhenAsked() throws IOException {
    Model model = models().get(0);
    Path file = written(model, GgufEncoding.F32);
    assertEquals(
        file + " is a model that Kerf saved; to replace it ask for overwrite",
        assertThrows(
                IllegalArgumentException.class,
                () -> GgufModelWriter.write(model, file, GgufEncoding.F32, false, "", SILENT))
            .getMessage());
    byte[] before = Files.readAllBytes(file);
    // The very file that the model's tensors lie in.
    GgufModelWriter.write(ModelReader.read(file), file, GgufEncoding.F32, true, "test", SILENT);
    assertEquals(before.length, Files.readAllBytes(file).length, 200);
    assertEquals(
        "model must end in .gguf, as load expects",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    GgufModelWriter.write(
                        model, Path.of("model"), GgufEncoding.F32, true, "", SILENT))
            .getMessage());
  }
}
