package io.kerf.format;

import io.kerf.mutation.ByteMutations;
import io.kerf.mutation.JsonMutations;
import io.kerf.mutation.MutationRun;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files of weights: every tensor of one that opens is read. */
class WeightFileMutationTest {
  @TempDir Path folder;

  @Test
  void safetensors() throws IOException {
    bytes("safetensors", "model.safetensors", SampleFiles.safetensors(), SafetensorsFile::open);
  }

  /** The header says something else, but is as long as its length says. */
  @Test
  void safetensorsHeaders() throws IOException {
    byte[] valid = SampleFiles.safetensors();
    int data = valid.length - SampleFiles.W.length - 4;
    byte[] header = Arrays.copyOfRange(valid, 8, data);
    byte[] rest = Arrays.copyOfRange(valid, data, valid.length);
    run(
        "safetensors header",
        "model.safetensors",
        random ->
            SampleFiles.safetensors(
                new String(JsonMutations.of(header, random), StandardCharsets.UTF_8), rest),
        SafetensorsFile::open);
  }

  @Test
  void gguf() throws IOException {
    bytes("gguf", "model.gguf", SampleFiles.gguf(), GgufFile::open);
  }

  @Test
  void torchArchives() throws IOException {
    byte[] file = SampleFiles.torch(SampleFiles.torchPickle());
    bytes("torch", "pytorch_model.bin", file, TorchFile::open);
  }

  /** The pickle alone is damaged, so that its archive still stands. */
  @Test
  void torchPickles() throws IOException {
    byte[] pickle = SampleFiles.torchPickle();
    run(
        "torch pickle",
        "pytorch_model.bin",
        random -> SampleFiles.torch(ByteMutations.of(pickle, random)),
        TorchFile::open);
  }

  @Test
  void legacyTorchFiles() throws IOException {
    byte[] file = SampleFiles.torchLegacy(SampleFiles.torchPickle());
    bytes("torch legacy", "pytorch_model.bin", file, TorchFile::open);
  }

  @Test
  void bundles() throws IOException {
    Files.write(folder.resolve("v.data-00000-of-00001"), SampleFiles.bundleData());
    byte[] index = SampleFiles.bundleIndex(block -> block);
    bytes("bundle", "v.index", index, TensorFlowBundle::open);
  }

  /** Blocks are damaged before their checksums are taken, so that damage reaches what they mean. */
  @Test
  void bundlesWithFittingChecksums() throws IOException {
    Files.write(folder.resolve("v.data-00000-of-00001"), SampleFiles.bundleData());
    run(
        "bundle blocks",
        "v.index",
        random ->
            SampleFiles.bundleIndex(
                block -> random.nextBoolean() ? ByteMutations.of(block, random) : block),
        TensorFlowBundle::open);
  }

  @Test
  void bundlesInsideArchives() throws IOException {
    byte[] zip =
        SampleFiles.storedZip(
            new TreeMap<>(
                Map.of(
                    "v.index", SampleFiles.bundleIndex(block -> block),
                    "v.data-00000-of-00001", SampleFiles.bundleData())));
    bytes("bundle archive", "b.zip", zip, file -> TensorFlowBundle.open(ZipArchive.open(file)));
  }

  @Test
  void indexesOfShards() throws IOException {
    Files.write(folder.resolve("a.safetensors"), SampleFiles.safetensors());
    index(
        "safetensors index",
        "model.safetensors.index.json",
        "{'metadata':{'total_size':28},'weight_map':{'w':'a.safetensors','b':'a.safetensors'}}");
  }

  @Test
  void indexesOfTorchShards() throws IOException {
    Files.write(folder.resolve("a.bin"), SampleFiles.torch(SampleFiles.torchPickle()));
    index(
        "torch index", "pytorch_model.bin.index.json", "{'weight_map':{'w':'a.bin','b':'a.bin'}}");
  }

  private void index(String reader, String name, String json) throws IOException {
    byte[] valid = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    run(
        reader,
        name,
        random ->
            random.nextBoolean()
                ? ByteMutations.of(valid, random)
                : JsonMutations.of(valid, random),
        ShardedWeights::open);
  }

  @Test
  void llama2c() throws IOException {
    byte[] file = Llama2cBytes.weights(1, 4, 6, 2, 2, 1, -7, 3);
    bytes("llama2.c", "m.bin", file, Llama2cFile::open);
  }

  /** Whatever is in them, files are opened by name and first bytes. */
  @Test
  void filesOfAnyKind() throws IOException {
    List<byte[]> kinds =
        List.of(
            SampleFiles.torch(SampleFiles.torchPickle()),
            SampleFiles.torchLegacy(SampleFiles.torchPickle()),
            Llama2cBytes.weights(1, 4, 6, 2, 2, 1, 7, 3),
            SampleFiles.gguf(),
            SampleFiles.safetensors());
    run(
        "any .bin",
        "m.bin",
        random -> ByteMutations.of(kinds.get(random.nextInt(kinds.size())), random),
        WeightFile::open);
  }

  private void bytes(String reader, String name, byte[] valid, Function<Path, WeightFile> opening)
      throws IOException {
    run(reader, name, random -> ByteMutations.of(valid, random), opening);
  }

  private void run(
      String reader, String name, MutationRun.Mutation mutation, Function<Path, WeightFile> opening)
      throws IOException {
    MutationRun.of(reader, folder.resolve(name), mutation, file -> readAll(opening.apply(file)));
  }

  private static void readAll(WeightFile weights) {
    for (String name : weights.tensorNames()) {
      Tensor tensor = weights.tensor(name);
      tensor.toFloats();
    }
  }
}
