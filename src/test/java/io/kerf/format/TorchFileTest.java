package io.kerf.format;

import static io.kerf.format.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.json.Json;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StoredTensor;
import io.kerf.tensor.TransposedMatrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class TorchFileTest {
  private static final String AGAIN = "; the file is truncated or damaged: get it again";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("m.bin");
  }

  /** A variant holds another model's values in another file: the tensors of equal name agree. */
  @TestFactory
  Stream<DynamicTest> readsTheSameValuesAsAnotherFileOfTheModel() {
    return Fixtures.cases("variants", "*").stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(), () -> readsTheSameValues(folder)));
  }

  private static void readsTheSameValues(Path folder) {
    String model = Json.read(folder.resolve("variant.json")).at("same_values_as").text();
    WeightFile expected = WeightFile.open(Fixtures.root().resolve("models").resolve(model));
    WeightFile variant = WeightFile.open(folder);
    assertFalse(variant.tensorNames().isEmpty());
    int compared = 0;
    for (String name : variant.tensorNames()) {
      float[] values = variant.tensor(name).toFloats();
      List<String> same = expected.tensorNames().stream().filter(n -> same(n, name)).toList();
      if (!same.isEmpty()) {
        assertArrayEquals(expected.tensor(same.get(0)).toFloats(), values, name);
        compared++;
      }
    }
    assertTrue(2 * compared > expected.tensorNames().size(), compared + " tensors compared");
  }

  /** Names agree but for a prefix of one part. */
  private static boolean same(String name, String other) {
    return name.equals(other) || name.substring(name.indexOf('.') + 1).equals(other);
  }

  @Test
  void readsViewsOfOneStorage() throws IOException {
    assertSample(SampleFiles.torch(SampleFiles.torchPickle()));
  }

  @Test
  void readsTheFormatBeforeTorch16() throws IOException {
    assertSample(SampleFiles.torchLegacy(SampleFiles.torchPickle()));
  }

  private void assertSample(byte[] bytes) throws IOException {
    WeightFile weights = TorchFile.open(Files.write(file, bytes));
    assertEquals(List.of("w", "t", "b"), List.copyOf(weights.tensorNames()));
    assertInstanceOf(StoredTensor.class, weights.tensor("w"));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, weights.tensor("w").toFloats());
    assertInstanceOf(TransposedMatrix.class, weights.tensor("t"));
    assertEquals(Shape.of(3, 2), weights.tensor("t").shape());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, weights.tensor("t").toFloats());
    assertArrayEquals(new float[] {2, 3, 5, 6}, weights.tensor("b").toFloats());
    assertRefused("m.bin has no tensor 'x'; it has 3: w, t, b", () -> weights.tensor("x"));
  }

  @Test
  void refusesToRunCodeByItsName() throws IOException {
    assertPickle(
        "the pickle wants 'os.system', which is no part of plain weights and is not run; save the"
            + " weights alone: torch.save(model.state_dict(), ...) or safetensors",
        pickle().text("cos\nsystem\nX").int32(2).text("ls").text("\u0085R."));
    LittleEndian stackGlobal = pickle().int8(0x8c, 8).text("builtins").int8(0x8c, 4).text("eval");
    assertPickle(
        "the pickle wants 'builtins.eval', which is no part of plain weights and is not run; save"
            + " the weights alone: torch.save(model.state_dict(), ...) or safetensors",
        stackGlobal.int8(0x93).text("."));
  }

  @Test
  void refusesInstructionsThatWeightsDoNotNeed() throws IOException {
    assertPickle(
        "pickle instruction 0x69 at byte 2 is not one that weights need" + AGAIN,
        pickle().text("ios\nsystem\n."));
    assertPickle("pickle protocol is 9, at most 5 is understood" + AGAIN, bytes(0x80, 9));
    assertPickle(
        "the pickle refers to memo 7, which was not set, before byte 4" + AGAIN,
        pickle().text("h").int8(7));
    assertPickle(
        "the pickle takes more from its stack than is there, before byte 3" + AGAIN,
        pickle().text("."));
    assertPickle(
        "BINUNICODE needs 4294967295 bytes at byte 7, but only 0 are left" + AGAIN,
        pickle().text("X").int32(-1));
  }

  @Test
  void refusesWhatIsNoDictionaryOfTensors() throws IOException {
    assertFile(
        "m.bin: holds no dictionary of tensors; save model.state_dict()" + AGAIN,
        SampleFiles.torch(pickle().text("].").toBytes()));
    assertFile(
        "m.bin: the value of 'epoch' is no tensor; save the weights alone:"
            + " torch.save(model.state_dict(), ...)",
        SampleFiles.torch(
            pickle().text("}X").int32(5).text("epochK").int8(3).text("s.").toBytes()));
  }

  @Test
  void refusesTensorsThatLeaveOrRepeatTheirStorage() throws IOException {
    assertPickle(
        "a tensor of 2 x 3 with strides [3, 1] from element 1 leaves its storage '0' of 6 elements"
            + AGAIN,
        tensor(1, new int[] {2, 3}, new int[] {3, 1}));
    assertPickle(
        "a tensor of 200 with strides [0] repeats its storage '0' of 6; save it contiguous",
        tensor(0, new int[] {200}, new int[] {0}));
  }

  @Test
  void refusesAStorageThatIsTooShortOrAbsent() throws IOException {
    byte[] pickle = SampleFiles.torchPickle();
    Map<String, byte[]> entries = new TreeMap<>(Map.of("m/data.pkl", pickle));
    assertFile("m.bin: has no entry 'm/data/0'" + AGAIN, SampleFiles.storedZip(entries));
    entries.put("m/data/0", new byte[20]);
    assertFile(
        "m.bin!m/data/0: storage is 24 bytes from 0, past the end of 20 bytes" + AGAIN,
        SampleFiles.storedZip(entries));
  }

  @Test
  void refusesOtherArchivesByteOrdersAndFiles() throws IOException {
    assertFile(
        "m.bin: holds 0 entries NAME/data.pkl instead of one" + AGAIN,
        SampleFiles.storedZip(Map.of("a/b", new byte[1])));
    Map<String, byte[]> big =
        Map.of("m/data.pkl", SampleFiles.torchPickle(), "m/byteorder", "big".getBytes());
    assertFile(
        "m.bin: byteorder is not 'little'; save it again on a little-endian machine",
        SampleFiles.storedZip(new TreeMap<>(big)));
    assertFile(
        "m.bin: begins with 0x64636261, neither a ZIP archive nor a pickle" + AGAIN,
        "abcd".getBytes());
    assertFile(
        "m.bin: is a pickle, but not one that torch.save wrote" + AGAIN,
        pickle().text("K").int8(1).text(".").toBytes());
  }

  /** Found by damaged files: a protocol of None, and storage keys that hold themselves. */
  @Test
  void refusesLegacyFilesWhosePicklesAreOfOtherKinds() throws IOException {
    byte[] magic =
        bytes(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.')
            .toBytes();
    assertFile(
        "m.bin: its protocol_version is not 1001" + AGAIN,
        new LittleEndian().bytes(magic).int8(0x80, 2).text("N.").toBytes());
    byte[] valid = SampleFiles.torchLegacy(SampleFiles.torchPickle());
    byte[] tail = new LittleEndian().text("]").int8('X').int32(1).text("0a.").int64(6).toBytes();
    int keys = valid.length - SampleFiles.W.length - tail.length;
    LittleEndian cyclic = new LittleEndian().bytes(Arrays.copyOf(valid, keys));
    cyclic.text("]q").int8(0).text("]h").int8(0).text("aa."); // [[itself]]
    assertFile(
        "m.bin: storage without a name is one that no tensor uses, or comes twice" + AGAIN,
        cyclic.int64(6).bytes(SampleFiles.W).toBytes());
  }

  @Test
  void keepsNumbersAsTheyAreStored() throws IOException {
    Map<String, String> encodings =
        Map.of(
            "HalfStorage", "float16",
            "BFloat16Storage", "bfloat16",
            "FloatStorage", "float32",
            "DoubleStorage", "float64",
            "LongStorage", "int64",
            "ByteStorage", "uint8");
    for (Map.Entry<String, String> each : encodings.entrySet()) {
      String pickle = new String(SampleFiles.torchPickle(), StandardCharsets.ISO_8859_1);
      byte[] other =
          pickle.replace("FloatStorage", each.getKey()).getBytes(StandardCharsets.ISO_8859_1);
      Map<String, byte[]> entries =
          new TreeMap<>(Map.of("m/data.pkl", other, "m/data/0", new byte[48]));
      Files.write(file, SampleFiles.storedZip(entries));
      StoredTensor tensor = (StoredTensor) TorchFile.open(file).tensor("w");
      assertEquals(each.getValue(), tensor.encoding());
      assertEquals(6 * tensor.stored().blockBytes(), tensor.sizeBytes());
    }
  }

  private static LittleEndian pickle() {
    return bytes(0x80, 2);
  }

  private static LittleEndian bytes(int... values) {
    return new LittleEndian().int8(values);
  }

  private static LittleEndian tensor(int offset, int[] sizes, int[] strides) {
    return SampleFiles.torchTensor(pickle().text("}("), "w", offset, sizes, strides).text("u.");
  }

  private void assertPickle(String message, LittleEndian pickle) throws IOException {
    assertFile("m.bin!model/data.pkl: " + message, SampleFiles.torch(pickle.toBytes()));
  }

  private void assertFile(String message, byte[] bytes) throws IOException {
    assertRefused(message, file, bytes, TorchFile::open);
  }
}
