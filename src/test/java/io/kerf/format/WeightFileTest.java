package io.kerf.format;

import static io.kerf.format.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
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

class WeightFileTest {
  private static final String UNDERSTOOD =
      "; understood are a folder with model.safetensors, model.safetensors.index.json,"
          + " pytorch_model.bin, pytorch_model.bin.index.json, one of these files, a GGUF file, and"
          + " a .bin file of llama2.c";

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> opensEveryReferenceModelWhateverItsFiles() {
    return Stream.of("models", "variants")
        .flatMap(kind -> Fixtures.cases(kind, "*").stream())
        .map(
            model ->
                DynamicTest.dynamicTest(
                    Fixtures.root().relativize(model).toString(), () -> readsEveryTensor(model)));
  }

  private static void readsEveryTensor(Path model) {
    WeightFile weights = WeightFile.open(model);
    assertFalse(weights.tensorNames().isEmpty());
    for (String name : weights.tensorNames()) {
      Tensor tensor = weights.tensor(name);
      assertEquals(tensor.shape().elements(), tensor.toFloats().length, name);
    }
    for (Path file : weights.files()) {
      assertTrue(Files.isRegularFile(file), file.toString());
    }
  }

  @Test
  void choosesTheReaderByNameAndFirstBytes() throws IOException {
    byte[] torch = SampleFiles.torch(SampleFiles.torchPickle());
    assertInstanceOf(SafetensorsFile.class, open("a.safetensors", SampleFiles.safetensors()));
    assertInstanceOf(GgufFile.class, open("blob-without-extension", SampleFiles.gguf()));
    assertInstanceOf(TorchFile.class, open("pytorch_model.bin", torch));
    assertInstanceOf(TorchFile.class, WeightFile.open(folder));
    open("model.safetensors", SampleFiles.safetensors());
    assertInstanceOf(SafetensorsFile.class, WeightFile.open(folder));
  }

  @Test
  void readsShardsOfEitherKind() throws IOException {
    Files.write(folder.resolve("1.safetensors"), SampleFiles.safetensors());
    Path second = folder.resolve("2.safetensors");
    String header = "{\"v\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}";
    Files.write(second, SampleFiles.safetensors(header, SampleFiles.W));
    WeightFile weights =
        shards("safetensors", "'v':'2.safetensors','w':'1.safetensors','b':'1.safetensors'");
    assertEquals(List.of("v", "w", "b"), List.copyOf(weights.tensorNames()));
    assertTrue(weights.has("v"));
    assertFalse(weights.has("x"));
    assertArrayEquals(new float[] {1, 2}, weights.tensor("b").toFloats());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, weights.tensor("v").toFloats());
    assertEquals(3, weights.files().size());
    Files.write(folder.resolve("t.bin"), SampleFiles.torch(SampleFiles.torchPickle()));
    Path index = folder.resolve("pytorch_model.bin.index.json");
    Files.writeString(index, "{\"weight_map\":{\"w\":\"t.bin\"}}");
    assertArrayEquals(
        new float[] {1, 2, 3, 4, 5, 6}, WeightFile.open(index).tensor("w").toFloats());
  }

  @Test
  void refusesAnIndexThatMisplacesATensor() throws IOException {
    Files.write(folder.resolve("1.safetensors"), SampleFiles.safetensors());
    assertRefused(
        "model.safetensors.index.json: weight_map places tensor 'x' in 1.safetensors, which does"
            + " not hold it; get both again",
        () -> shards("safetensors", "'x':'1.safetensors'"));
    assertRefused(
        "model.safetensors.index.json: weight_map names '../1.safetensors', which is not a file"
            + " name of its folder",
        () -> shards("safetensors", "'w':'../1.safetensors'"));
    assertRefused(
        "model.safetensors.index.json: weight_map names '3.safetensors', which is not in its folder;"
            + " get it too",
        () -> shards("safetensors", "'w':'3.safetensors'"));
    assertRefused(
        "model.safetensors.index.json: weight_map names '\ud800', which is no file name here:"
            + " Malformed input or input contains unmappable characters",
        () -> shards("safetensors", "'w':'\\ud800'"));
    WeightFile weights = shards("safetensors", "'w':'1.safetensors'");
    assertRefused(
        "model.safetensors.index.json has no tensor 'b'; it has 1: w", () -> weights.tensor("b"));
  }

  @Test
  void namesTheFileThatDoesHoldAMisplacedTensor() throws IOException {
    Files.write(folder.resolve("1.safetensors"), SampleFiles.safetensors());
    String header = "{\"v\":{\"dtype\":\"F32\",\"shape\":[6],\"data_offsets\":[0,24]}}";
    Files.write(folder.resolve("2.safetensors"), SampleFiles.safetensors(header, SampleFiles.W));
    assertRefused(
        "model.safetensors.index.json: weight_map places tensor 'w' in 2.safetensors, which does"
            + " not hold it (1.safetensors does); get both again",
        () -> shards("safetensors", "'b':'1.safetensors','w':'2.safetensors'"));
  }

  @Test
  void comparesTheTotalSizeWithTheTensors() throws IOException {
    Files.write(folder.resolve("1.safetensors"), SampleFiles.safetensors());
    Path index = folder.resolve("model.safetensors.index.json");
    String text =
        "{'metadata':{'total_size':%s},'weight_map':{'w':'1.safetensors','b':'1.safetensors'}}";
    for (String right : List.of("28", "28.0", "null")) {
      Files.writeString(index, text.formatted(right).replace('\'', '"'));
      assertEquals(2, WeightFile.open(index).tensorNames().size());
    }
    Files.writeString(index, text.formatted("29").replace('\'', '"'));
    assertRefused(
        index
            + ": metadata.total_size is 29, but the tensors of weight_map take 28 bytes; get the"
            + " index and its files again",
        () -> WeightFile.open(index));
  }

  @Test
  void refusesWhatItDoesNotKnowAndSaysWhatItDoes() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(empty + " holds no weights" + UNDERSTOOD, () -> WeightFile.open(empty));
    Path text = Files.writeString(folder.resolve("notes.txt"), "weights");
    assertRefused(text + " is of no known kind" + UNDERSTOOD, () -> WeightFile.open(text));
    Path absent = folder.resolve("absent.gguf");
    assertRefused(absent + " is not a file; check the path", () -> WeightFile.open(absent));
  }

  private WeightFile open(String name, byte[] bytes) throws IOException {
    return WeightFile.open(Files.write(folder.resolve(name), bytes));
  }

  private WeightFile shards(String kind, String map) throws IOException {
    Path index = folder.resolve("model." + kind + ".index.json");
    Files.writeString(index, "{'weight_map':{%s}}".formatted(map).replace('\'', '"'));
    return WeightFile.open(index);
  }
}
