package io.kerf.format;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.JsonException;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of damaged files of every kind: each is read in full or refused by a {@link
 * FormatException} or {@link JsonException}, and none makes its reader allocate more than a file of
 * its size explains.
 */
class MutationTest {
  private static final int ROUNDS = 500;
  private static final long EXPLAINED_BYTES = 4 << 20; // buffers and JSON; a forged size asks more
  private static final long[] AWKWARD = {
    0,
    1,
    8,
    0x7f,
    0x80,
    0xff,
    0xffff,
    0x7fffffffL,
    0x80000000L,
    0xffffffffL,
    1L << 32,
    1L << 60,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -8
  };

  /** Opens a path of one kind. */
  private interface Reader {
    WeightFile open(Path file);
  }

  @TempDir Path folder;

  @Test
  void safetensorsAreReadOrRefused() throws IOException {
    readOrRefuse(1, "model.safetensors", SampleFiles.safetensors(), SafetensorsFile::open);
  }

  @Test
  void ggufIsReadOrRefused() throws IOException {
    readOrRefuse(2, "model.gguf", SampleFiles.gguf(), GgufFile::open);
  }

  @Test
  void torchArchivesAreReadOrRefused() throws IOException {
    byte[] file = SampleFiles.torch(SampleFiles.torchPickle());
    readOrRefuse(3, "pytorch_model.bin", file, TorchFile::open);
  }

  @Test
  void legacyTorchFilesAreReadOrRefused() throws IOException {
    byte[] file = SampleFiles.torchLegacy(SampleFiles.torchPickle());
    readOrRefuse(4, "pytorch_model.bin", file, TorchFile::open);
  }

  @Test
  void bundlesAreReadOrRefused() throws IOException {
    Files.write(folder.resolve("v.data-00000-of-00001"), SampleFiles.bundleData());
    byte[] index = SampleFiles.bundleIndex(block -> block);
    readOrRefuse(5, "v.index", index, TensorFlowBundle::open);
  }

  @Test
  void bundlesWithFittingChecksumsAreReadOrRefused() throws IOException {
    Files.write(folder.resolve("v.data-00000-of-00001"), SampleFiles.bundleData());
    Random random = new Random(6);
    Path file = folder.resolve("v.index");
    for (int i = 0; i < ROUNDS; i++) {
      byte[] index =
          SampleFiles.bundleIndex(block -> random.nextBoolean() ? mutated(block, random) : block);
      Files.write(file, index);
      readOrRefuse("seed 6, round " + i, file, TensorFlowBundle::open);
    }
  }

  @Test
  void bundlesInsideArchivesAreReadOrRefused() throws IOException {
    byte[] zip =
        SampleFiles.storedZip(
            new TreeMap<>(
                Map.of(
                    "v.index", SampleFiles.bundleIndex(block -> block),
                    "v.data-00000-of-00001", SampleFiles.bundleData())));
    readOrRefuse(7, "bundle.zip", zip, file -> TensorFlowBundle.open(ZipArchive.open(file)));
  }

  @Test
  void shardIndexesAreReadOrRefused() throws IOException {
    Files.write(folder.resolve("a.safetensors"), SampleFiles.safetensors());
    String index = "{\"weight_map\":{\"w\":\"a.safetensors\",\"b\":\"a.safetensors\"}}";
    readOrRefuse(
        8,
        "model.safetensors.index.json",
        index.getBytes(StandardCharsets.UTF_8),
        ShardedWeights::open);
  }

  private void readOrRefuse(int seed, String name, byte[] valid, Reader reader) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, valid);
    readAll(file, reader); // warms up, and shows that the original is whole
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      Files.write(file, mutated(valid, random));
      readOrRefuse("seed " + seed + ", round " + i, file, reader);
    }
  }

  private static void readOrRefuse(String round, Path file, Reader reader) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      readAll(file, reader);
    } catch (FormatException | JsonException refused) {
      assertTrue(refused.getMessage().length() < 2000, round + ": " + refused.getMessage());
    } catch (RuntimeException | Error e) {
      throw new AssertionError(round + " of " + file.getFileName() + " was not refused but", e);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < EXPLAINED_BYTES, round + " allocated " + allocated + " bytes");
  }

  private static void readAll(Path file, Reader reader) {
    WeightFile weights = reader.open(file);
    for (String name : weights.tensorNames()) {
      Tensor tensor = weights.tensor(name);
      tensor.toFloats();
    }
  }

  /** One to three changes: bits flipped, an end cut off, bytes moved, a length field replaced. */
  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> replace(bytes, at, AWKWARD[random.nextInt(AWKWARD.length)], random);
        case 4 -> replace(bytes, at, random.nextInt(2 * valid.length), random);
        default -> {
          int from = random.nextInt(bytes.length);
          int count = Math.min(random.nextInt(32), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, count);
        }
      }
    }
    return bytes;
  }

  /** Writes a number of 4 or 8 bytes over what lies there, as far as there is room. */
  private static void replace(byte[] bytes, int at, long value, Random random) {
    byte[] number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    int size = Math.min(random.nextBoolean() ? 4 : 8, bytes.length - at);
    System.arraycopy(number, 0, bytes, at, size);
  }
}
