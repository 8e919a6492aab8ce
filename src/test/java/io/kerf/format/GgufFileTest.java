package io.kerf.format;

import static io.kerf.format.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  private static final String AGAIN = "; the file is truncated or damaged: get it again";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("m.gguf");
  }

  @TestFactory
  Stream<DynamicTest> decodesEveryEncodingAsTheReferenceDoes() {
    return Fixtures.cases("gguf", "*.gguf").stream()
        .flatMap(
            path -> {
              WeightFile stored = GgufFile.open(path);
              WeightFile expected = reference(path);
              assertEquals(expected.tensorNames(), Set.copyOf(stored.tensorNames()));
              return stored.tensorNames().stream()
                  .map(
                      name ->
                          DynamicTest.dynamicTest(
                              path.getFileName() + " " + name,
                              () -> assertClose(expected.tensor(name), stored.tensor(name))));
            });
  }

  private static WeightFile reference(Path gguf) {
    String name = gguf.getFileName().toString().replaceAll("\\.gguf$", ".safetensors");
    return SafetensorsFile.open(gguf.resolveSibling(name));
  }

  private static void assertClose(Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    float[] want = expected.toFloats();
    float[] have = actual.toFloats();
    for (int i = 0; i < want.length; i++) {
      assertEquals(want[i], have[i], 1e-6 * Math.abs(want[i]), "element " + i);
    }
  }

  @TestFactory
  Stream<DynamicTest> readsTheMetadataOfEveryReferenceFile() {
    return Fixtures.cases("gguf", "*.gguf").stream()
        .flatMap(
            path -> {
              GgufFile stored = GgufFile.open(path);
              assertFalse(stored.metadata("general.architecture").text().isBlank());
              return stored.metadata().entrySet().stream()
                  .map(
                      entry ->
                          DynamicTest.dynamicTest(
                              path.getFileName() + " " + entry.getKey(),
                              () -> assertReadable(entry.getValue())));
            });
  }

  /** A reader of exactly one kind fits a value. */
  private static void assertReadable(GgufValue value) {
    List<Runnable> kinds =
        List.of(
            value::text,
            value::longInteger,
            value::bool,
            value::texts,
            value::longIntegers,
            value::numbers,
            value::bools,
            value::items);
    long fitting = kinds.stream().filter(GgufFileTest::fits).count();
    boolean real = fitting == 0 && fits(value::number);
    assertEquals(1, real ? 1 : fitting, value.where());
  }

  private static boolean fits(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (FormatException e) {
      return false;
    }
  }

  @Test
  void readsMetadataOfEveryType() throws IOException {
    GgufFile gguf = sample();
    assertEquals(200, gguf.metadata("a.uint8").integer());
    assertEquals(-100, gguf.metadata("a.int8").integer());
    assertEquals(60000, gguf.metadata("a.uint16").integer());
    assertEquals(-30000, gguf.metadata("a.int16").integer());
    assertEquals(4_000_000_000L, gguf.metadata("a.uint32").longInteger());
    assertEquals(-2_000_000_000, gguf.metadata("a.int32").integer());
    assertEquals(1.5, gguf.metadata("a.float32").number());
    assertTrue(gguf.metadata("a.bool").bool());
    assertEquals("héllo", gguf.metadata("a.string").text());
    assertEquals("18446744073709551615", gguf.metadata("a.uint64").toString());
    assertEquals(-5, gguf.metadata("a.int64").longInteger());
    assertEquals(-2.25, gguf.metadata("a.float64").number());
    assertEquals(200.0, gguf.metadata("a.uint8").number());
    assertEquals(List.of("x", "yz"), gguf.metadata("a.strings").texts());
    assertArrayEquals(new boolean[] {true, false}, gguf.metadata("a.bools").bools());
    List<GgufValue> nested = gguf.metadata("a.nested").items();
    assertArrayEquals(new int[] {1, 2, 3}, nested.get(0).integers());
    assertArrayEquals(new long[] {1, 2, 3}, nested.get(0).longIntegers());
    assertArrayEquals(new double[] {0.5}, nested.get(1).numbers());
    assertTrue(gguf.metadata("b").optional().isEmpty());
  }

  @Test
  void readsTensorsBehindTheDeclaredAlignment() throws IOException {
    GgufFile gguf = sample();
    assertEquals(List.of("w", "q"), List.copyOf(gguf.tensorNames()));
    assertEquals(Shape.of(2, 3), gguf.tensor("w").shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, gguf.tensor("w").toFloats());
    assertEquals("Q8_0", gguf.tensor("q").encoding());
    assertArrayEquals(new float[32], gguf.tensor("q").toFloats());
  }

  @Test
  void namesFileKeyAndValueWhereTheKindIsWrong() throws IOException {
    GgufFile gguf = sample();
    assertRefused(
        "m.gguf: a.string must be a whole number, was héllo",
        () -> gguf.metadata("a.string").integer());
    assertRefused(
        "m.gguf: a.uint32 must be a whole number between -2^31 and 2^31 - 1, was 4000000000",
        () -> gguf.metadata("a.uint32").integer());
    assertRefused(
        "m.gguf: a.uint64 must be a whole number below 2^63, was 18446744073709551615",
        () -> gguf.metadata("a.uint64").longInteger());
    assertRefused(
        "m.gguf: llama.block_count must be a whole number, was absent",
        () -> gguf.metadata("llama.block_count").integer());
    assertRefused(
        "m.gguf: a.strings must be an array of whole numbers, was an array of STRING",
        () -> gguf.metadata("a.strings").integers());
  }

  private GgufFile sample() throws IOException {
    return GgufFile.open(Files.write(file, SampleFiles.gguf()));
  }

  @Test
  void refusesOtherFilesAndVersions() throws IOException {
    assertFile(
        "begins with 0x4b434150, not with GGUF's magic 0x46554747" + AGAIN,
        new LittleEndian().text("PACK"));
    assertFile(
        "version is 1; understood are 2 and 3, little-endian: convert the file with llama.cpp",
        new LittleEndian().text("GGUF").int32(1));
    assertFile(
        "tensor_count needs 8 bytes at byte 8, but only 0 are left" + AGAIN,
        new LittleEndian().text("GGUF").int32(3));
  }

  @Test
  void refusesCountsThatTheFileCannotHold() throws IOException {
    assertFile(
        "tensor_count is 1152921504606846976, more than the remaining 8 bytes can hold" + AGAIN,
        SampleFiles.ggufStart(1L << 60, 0));
    assertFile(
        "metadata_kv_count is 18446744073709551615, more than the remaining 0 bytes can hold"
            + AGAIN,
        SampleFiles.ggufStart(0, -1));
    assertFile(
        "k array length is 1000000, more than the remaining 8 bytes can hold" + AGAIN,
        SampleFiles.ggufStart(0, 1).longText("k").int32(9).int32(4).int64(1_000_000).int64(0));
    assertFile(
        "k needs 1000 bytes at byte 45, but only 0 are left" + AGAIN,
        SampleFiles.ggufStart(0, 1).longText("k").int32(8).int64(1000));
  }

  @Test
  void refusesMetadataThatIsMalformed() throws IOException {
    assertFile(
        "k has type 13; there are types 0 to 12" + AGAIN,
        SampleFiles.ggufStart(0, 1).longText("k").int32(13).int32(0));
    assertFile(
        "k must be true (1) or false (0), was 2" + AGAIN,
        SampleFiles.ggufStart(0, 1).longText("k").int32(7).int8(2));
    LittleEndian twice = SampleFiles.ggufStart(0, 2);
    twice.longText("k").int32(0).int8(1).longText("k").int32(0).int8(1);
    assertFile("metadata key 'k' appears twice" + AGAIN, twice);
    LittleEndian deep = SampleFiles.ggufStart(0, 1).longText("k").int32(9);
    for (int i = 0; i < 9; i++) {
      deep.int32(9).int64(1);
    }
    assertFile("k nests arrays more than 8 deep" + AGAIN, deep.int32(0).int64(1).int64(0));
    assertFile(
        "general.alignment must be a power of two up to 1048576, was 24" + AGAIN,
        SampleFiles.ggufStart(0, 1).longText("general.alignment").int32(4).int32(24));
  }

  @Test
  void refusesATensorThatTheFileCannotHold() throws IOException {
    assertTensor("tensor 'w' is 24 bytes from 32, past the end of 24 bytes", 0, 32, 3, 2);
    assertTensor("tensor 'w' is 48 bytes from 0, past the end of 24 bytes", 0, 0, 12);
    assertTensor("tensor 'w' offset 8 is not a multiple of general.alignment 32", 0, 8, 4);
    assertTensor(
        "tensor 'w' shape is [18446744073709551615]; at most 8 dimensions below 2^31 with a"
            + " product below 2^60 are read",
        0,
        0,
        -1);
    assertTensor("tensor 'w' has 5 dimensions, more than 4", 0, 0, 1, 1, 1, 1, 1);
    assertTensor(
        "tensor 'w' has rows of 33 elements, not a multiple of Q8_0's blocks of 32", 8, 0, 33);
  }

  @Test
  void refusesAnUnknownEncodingByNumber() throws IOException {
    LittleEndian out = SampleFiles.ggufStart(1, 0);
    assertFile(
        "tensor 'w' has GGML type 16; understood are BF16, F16, F32, F64, I16, I32, I64, I8, Q2_K,"
            + " Q3_K, Q4_0, Q4_1, Q4_K, Q5_0, Q5_1, Q5_K, Q6_K, Q8_0: quantize the model to one of"
            + " these with llama.cpp",
        SampleFiles.ggufTensor(out, "w", 16, 0, 256));
  }

  @Test
  void refusesTensorsThatOverlapOrShareAName() throws IOException {
    LittleEndian same = SampleFiles.ggufStart(2, 0);
    SampleFiles.ggufTensor(same, "w", 0, 0, 3, 2);
    SampleFiles.ggufTensor(same, "w", 0, 0, 3, 2);
    assertFile("tensor 'w' appears twice" + AGAIN, same.align(32).bytes(SampleFiles.W));
    LittleEndian over = SampleFiles.ggufStart(2, 0);
    SampleFiles.ggufTensor(over, "a", 0, 0, 3, 2);
    SampleFiles.ggufTensor(over, "b", 0, 0, 2);
    assertFile(
        "tensor 'a' begins at byte 128 of the file, inside tensor 'b'" + AGAIN,
        over.align(32).bytes(SampleFiles.W));
  }

  @Test
  void keepsTheMessageShortWhereANameIsNot() throws IOException {
    LittleEndian out = SampleFiles.ggufStart(0, 1).longText("k".repeat(100_000)).int32(99).int8(0);
    Files.write(file, out.toBytes());
    String message = assertThrows(FormatException.class, () -> GgufFile.open(file)).getMessage();
    assertTrue(message.length() < 2000 && message.endsWith(AGAIN), message);
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] valid = SampleFiles.gguf();
    for (int length = 0; length < valid.length; length++) {
      Files.write(file, Arrays.copyOf(valid, length));
      assertThrows(FormatException.class, () -> GgufFile.open(file), "cut at " + length);
    }
  }

  private void assertTensor(String message, int type, long offset, long... sizes)
      throws IOException {
    LittleEndian out = SampleFiles.ggufStart(1, 0);
    SampleFiles.ggufTensor(out, "w", type, offset, sizes);
    assertFile(message + AGAIN, out.align(32).bytes(SampleFiles.W));
  }

  private void assertFile(String message, LittleEndian bytes) throws IOException {
    assertRefused("m.gguf: " + message, file, bytes.toBytes(), GgufFile::open);
  }
}
