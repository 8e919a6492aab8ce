package io.kerf.format;

import static io.kerf.format.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFlowBundleTest {
  private static final String AGAIN = "; the file is truncated or damaged: get it again";
  private static final byte[] HEADER = {8, 1};

  @TempDir Path folder;
  private Path index;
  private Path data;

  @BeforeEach
  void nameTheFiles() throws IOException {
    index = folder.resolve("v.index");
    data = Files.write(folder.resolve("v.data-00000-of-00001"), SampleFiles.bundleData());
  }

  @Test
  void readsIndexAndDataSideBySide() throws IOException {
    Files.write(index, SampleFiles.bundleIndex(block -> block));
    WeightFile bundle = TensorFlowBundle.open(index);
    assertEquals(List.of(index, data), bundle.files());
    assertSample(bundle);
  }

  @Test
  void readsInPlaceFromAnArchiveInsideAnArchive() throws IOException {
    byte[] inner =
        SampleFiles.storedZip(
            new TreeMap<>(
                Map.of(
                    "variables/variables.index", SampleFiles.bundleIndex(block -> block),
                    "variables/variables.data-00000-of-00001", SampleFiles.bundleData())));
    Path jar = folder.resolve("m.jar");
    Files.write(jar, SampleFiles.storedZip(Map.of("model", inner)));
    WeightFile bundle = TensorFlowBundle.open(ZipArchive.of(ZipArchive.open(jar).stored("model")));
    assertEquals("m.jar!model!variables/variables.index", bundle.name());
    assertEquals(List.of(jar), bundle.files());
    assertSample(bundle);
  }

  private static void assertSample(WeightFile bundle) {
    assertEquals(List.of("module/b", "module/w"), List.copyOf(bundle.tensorNames()));
    assertEquals(Shape.of(2, 3), bundle.tensor("module/w").shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, bundle.tensor("module/w").toFloats());
    assertArrayEquals(new float[] {7}, bundle.tensor("module/b").toFloats());
  }

  @Test
  void refusesDataWhoseChecksumDiffers() throws IOException {
    Files.write(index, SampleFiles.bundleIndex(block -> block));
    byte[] changed = SampleFiles.bundleData();
    changed[2] ^= 1;
    Files.write(data, changed);
    WeightFile bundle = TensorFlowBundle.open(index);
    assertArrayEquals(new float[] {7}, bundle.tensor("module/b").toFloats());
    assertRefused(
        "v.index: tensor 'module/w' has checksum 0x769ea361 instead of 0xabf5eb7a" + AGAIN,
        () -> bundle.tensor("module/w"));
  }

  @Test
  void refusesAnIndexThatIsDamaged() throws IOException {
    assertIndex("has 3 bytes, fewer than a table's footer" + AGAIN, new byte[3]);
    byte[] magic = SampleFiles.bundleIndex(block -> block);
    magic[magic.length - 1] = 0;
    assertIndex("footer magic is 0x004775248b80fb57 instead of 0xdb4775248b80fb57" + AGAIN, magic);
    byte[] sum = SampleFiles.bundleIndex(block -> block);
    sum[5] ^= 1;
    Files.write(index, sum);
    String message =
        assertThrows(FormatException.class, () -> TensorFlowBundle.open(index)).getMessage();
    assertEquals(
        "v.index: data block has checksum", message.substring(0, message.indexOf(" 0x")), message);
  }

  @Test
  void refusesEntriesByTensorAndField() throws IOException {
    Files.write(index, table(HEADER, SampleFiles.bundleEntry(1, 8, new float[6], 6)));
    assertRefused(
        "v.data-00000-of-00001: tensor 'w' is 24 bytes from 8, past the end of 28 bytes" + AGAIN,
        () -> TensorFlowBundle.open(index));
    assertEntry(
        "tensor 'w' has size 20, but 6 in float32 takes 24",
        SampleFiles.bundleEntry(1, 0, new float[5], 6));
    assertEntry("tensor 'w' lies in shard 3 of 1", new byte[] {8, 1, 24, 3});
    assertEntry("tensor 'w' has no shape", new byte[] {8, 1, 18, 2, 24, 1});
    assertEntry(
        "nested message needs 100 bytes at byte 13, but only 0 are left",
        new byte[] {8, 1, 18, 100});
    assertEntry("field 1 has wire type 6", new byte[] {14});
    assertIndex(
        "tensor 'w' has dtype 8; understood are [F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL]",
        table(HEADER, SampleFiles.bundleEntry(8, 0, new float[1], 1)));
    assertIndex(
        "tensor 'w' is cut into slices; save it whole", table(HEADER, new byte[] {8, 1, 58, 0}));
  }

  @Test
  void leavesTextTensorsOut() throws IOException {
    Files.write(index, table(HEADER, SampleFiles.bundleEntry(7, 0, new float[1], 1)));
    assertEquals(List.of(), List.copyOf(TensorFlowBundle.open(index).tensorNames()));
  }

  @Test
  void refusesHeadersOfOtherBundles() throws IOException {
    byte[] entry = SampleFiles.bundleEntry(1, 0, new float[6], 6);
    assertIndex(
        "endianness is 1; only little-endian is read", table(new byte[] {8, 1, 16, 1}, entry));
    assertIndex("num_shards is 0" + AGAIN, table(new byte[0], entry));
    Files.write(index, table(new byte[] {8, 2}, entry));
    assertRefused(
        folder.resolve("v.data-00000-of-00002") + " is not a file; check the path",
        () -> TensorFlowBundle.open(index));
  }

  @Test
  void refusesAnArchiveWithoutABundle() throws IOException {
    Path zip = folder.resolve("m.zip");
    Files.write(zip, SampleFiles.storedZip(Map.of("a", new byte[1])));
    assertRefused(
        "m.zip: holds 0 entries PREFIX.index instead of one: []",
        () -> TensorFlowBundle.open(ZipArchive.open(zip)));
  }

  /** An index of a header and the tensor {@code w}. */
  private static byte[] table(byte[] header, byte[] entry) {
    LittleEndian block = SampleFiles.tableEntry(new LittleEndian(), 0, "", header);
    SampleFiles.tableEntry(block, 0, "w", entry);
    byte[] replaced = block.int32(0).int32(1).toBytes();
    UnaryOperator<byte[]> firstBlock = bytes -> bytes.length > 40 ? replaced : bytes;
    return SampleFiles.bundleIndex(firstBlock);
  }

  private void assertEntry(String message, byte[] entry) throws IOException {
    assertIndex(message + AGAIN, table(HEADER, entry));
  }

  private void assertIndex(String message, byte[] bytes) throws IOException {
    assertRefused("v.index: " + message, index, bytes, TensorFlowBundle::open);
  }
}
