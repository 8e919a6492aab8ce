package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.format.FormatException;
import io.kerf.json.Json;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.RowRange;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong while a model is saved, and what cannot be saved. */
class ModelWriterTest {
  private static final Model MODEL = ModelReader.read(ModelGoldenTest.models().get(0));

  @TempDir private Path folder;

  private static void write(Model model, Path place, Saving saving, ProgressListener listener) {
    ModelWriter.write(model, place, saving, "test", listener);
  }

  private static Map<String, Long> contents(Path place) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sizes.put(
            place.relativize(file).toString(),
            (long) Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).hashCode());
      }
    }
    return sizes;
  }

  /** A disk that is full after the first bytes. */
  private static ProgressListener full() {
    return (label, total, unit) ->
        (Progress)
            units -> {
              throw new UncheckedIOException(new IOException("No space left on device"));
            };
  }

  @Test
  void aFailureLeavesNothingWhereNothingWas() throws IOException {
    Path place = folder.resolve("new/deep/model");
    assertThrows(UncheckedIOException.class, () -> write(MODEL, place, Saving.asStored(), full()));
    assertEquals(Map.of(), contents(folder));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList(), "folders made on the way");
    }
  }

  @Test
  void aFailureLeavesWhatWasThereWhole() throws IOException {
    Path place = folder.resolve("model");
    write(MODEL, place, Saving.asStored(), ProgressListener.NONE);
    Map<String, Long> before = contents(folder);
    Saving again = Saving.asStored().overwrite();
    assertThrows(UncheckedIOException.class, () -> write(MODEL, place, again, full()));
    assertEquals(before, contents(folder));
  }

  @Test
  void anInterruptLeavesNothing() throws IOException {
    Path place = folder.resolve("model");
    ProgressListener stop =
        (label, total, unit) -> (Progress) units -> Thread.currentThread().interrupt();
    assertThrows(Interrupted.class, () -> write(MODEL, place, Saving.asStored(), stop));
    assertTrue(!Thread.interrupted(), "the flag is taken");
    assertEquals(Map.of(), contents(folder));
  }

  @Test
  void theListenerSeesEveryByteOfTheWeights() {
    List<Long> seen = new ArrayList<>();
    long[] announced = new long[1];
    ProgressListener count =
        (label, total, unit) -> {
          assertEquals("bytes", unit);
          announced[0] = total;
          return (Progress) seen::add;
        };
    write(MODEL, folder.resolve("model"), Saving.asStored(), count);
    assertEquals(announced[0], seen.stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void refusesBlocksOfDifferentWidths() {
    Block first = MODEL.blocks().get(0);
    Parameter up = first.parameter(Role.UP);
    int rows = up.weight().shape().rows() - 1;
    Parameter narrow =
        new Parameter(
            RowRange.of(up.weight(), 0, rows),
            up.bias() == null ? null : RowRange.of(up.bias(), 0, rows));
    List<Block> blocks = new ArrayList<>(MODEL.blocks());
    blocks.set(blocks.size() - 1, blocks.get(blocks.size() - 1).with(Role.UP, narrow));
    Model uneven = MODEL.withBlocks(blocks, new Lineage.Step("uneven", Map.of()));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> write(uneven, folder.resolve("m"), Saving.asStored(), ProgressListener.NONE))
            .getMessage();
    assertTrue(
        message.startsWith("'uneven' cannot be saved: no config.json of ")
            || message.contains("is one tensor for all blocks in the files of"),
        message);
    assertTrue(!Files.exists(folder.resolve("m")));
  }

  @Test
  void refusesValuesThatFloat16DoesNotReach() {
    Map<Role, Parameter> shared = new java.util.EnumMap<>(MODEL.shared());
    Tensor embedding = shared.get(Role.TOKEN_EMBEDDING).weight();
    float[] values = embedding.toFloats();
    values[3] = 70_000;
    Shape shape = embedding.shape();
    shared.put(
        Role.TOKEN_EMBEDDING, Parameter.of(FloatTensor.of(values, shape.rows(), shape.columns())));
    Model large = MODEL.with(shared, MODEL.blocks(), new Lineage.Step("large", Map.of()));
    Saving half = Saving.asStored().as(FloatType.FLOAT16);
    String message =
        assertThrows(
                FormatException.class,
                () -> write(large, folder.resolve("m"), half, ProgressListener.NONE))
            .getMessage();
    assertTrue(
        message.endsWith(
            " cannot be written as float16: 70000.0 is beyond float16's range of 65504;"
                + " write it as float32"),
        message);
    assertTrue(!Files.exists(folder.resolve("m")));
  }

  @Test
  void weightsThatWereChangedAfterwardsHaveNoHistory() throws IOException {
    Path place = folder.resolve("model");
    write(MODEL, place, Saving.asStored(), ProgressListener.NONE);
    Path weights = place.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    String message =
        assertThrows(FormatException.class, () -> ModelReader.read(place)).getMessage();
    assertTrue(message.endsWith("; remove it to load them without its history"), message);
    Files.delete(place.resolve("kerf.json"));
    assertEquals("dense", ModelReader.read(place).label());
  }

  @Test
  void theConfigurationKeepsWhatOnlyOthersRead() throws IOException {
    Path place = folder.resolve("model");
    Json source = MODEL.documents().config().orElseThrow();
    write(MODEL, place, Saving.asStored(), ProgressListener.NONE);
    Map<String, Object> saved = Json.read(place.resolve("config.json")).toMap();
    Map<String, Object> before = source.toMap();
    before.keySet().removeAll(List.of("dtype", "torch_dtype", "architectures"));
    assertTrue(saved.entrySet().containsAll(before.entrySet()), () -> saved + " lacks " + before);
  }
}
