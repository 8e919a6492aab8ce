package io.kerf.format;

import static io.kerf.format.Refusal.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.json.JsonException;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  private static final String AGAIN = "; the file is truncated or damaged: get it again";

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> readsEveryReferenceFile() {
    return Fixtures.cases("models", "*").stream()
        .flatMap(model -> Fixtures.cases("models/" + model.getFileName(), "*.safetensors").stream())
        .map(
            path ->
                DynamicTest.dynamicTest(
                    Fixtures.root().relativize(path).toString(), () -> readsEveryTensor(path)));
  }

  private static void readsEveryTensor(Path path) {
    SafetensorsFile file = SafetensorsFile.open(path);
    assertFalse(file.tensorNames().isEmpty());
    assertEquals(List.of(path), file.files());
    for (String name : file.tensorNames()) {
      Tensor tensor = file.tensor(name);
      float[] values = tensor.toFloats();
      assertEquals(tensor.shape().elements(), values.length, name);
      for (float value : values) {
        assertTrue(Float.isFinite(value), name);
      }
    }
  }

  @Test
  void readsValuesShapesAndMetadata() throws IOException {
    SafetensorsFile file = SafetensorsFile.open(write("m.safetensors", SampleFiles.safetensors()));
    assertEquals(List.of("w", "b"), List.copyOf(file.tensorNames()));
    assertEquals(Map.of("format", "pt"), file.metadata());
    assertEquals(Shape.of(2, 3), file.tensor("w").shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, file.tensor("w").toFloats());
    assertEquals("bfloat16", file.tensor("b").encoding());
    assertArrayEquals(new float[] {1, 2}, file.tensor("b").toFloats());
  }

  @Test
  void refusesATensorThatIsNotThere() throws IOException {
    WeightFile file = SafetensorsFile.open(write("m.safetensors", SampleFiles.safetensors()));
    assertRefused("m.safetensors has no tensor 'x'; it has 2: w, b", () -> file.tensor("x"));
  }

  @Test
  void refusesHeadersThatTheFileCannotHold() throws IOException {
    byte[] valid = SampleFiles.safetensors();
    Path file = write("m.safetensors", java.util.Arrays.copyOf(valid, 5));
    assertRefused(
        "m.safetensors: has 5 bytes, not even a header's length" + AGAIN,
        () -> SafetensorsFile.open(file));
    assertRefused(
        "m.safetensors: header is 1000 bytes from 8, past the end of 10 bytes" + AGAIN,
        file,
        new LittleEndian().int64(1000).int16(0).toBytes(),
        SafetensorsFile::open);
    assertRefused(
        "m.safetensors: header is 18446744073709551615 bytes from 8, past the end of 8 bytes"
            + AGAIN,
        file,
        new LittleEndian().int64(-1).toBytes(),
        SafetensorsFile::open);
    Files.write(file, SampleFiles.safetensors("{\"w\":", new byte[0]));
    var error = assertThrows(JsonException.class, () -> SafetensorsFile.open(file));
    assertTrue(error.getMessage().startsWith("m.safetensors header is not JSON"));
  }

  @Test
  void refusesADamagedEntryByTensorAndField() throws IOException {
    assertHeader(
        "tensor 'w' data_offsets end 24 is past the end of the data (20 bytes)" + AGAIN,
        "{'w':{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]}}",
        20);
    assertHeader(
        "tensor 'w' data_offsets are [8, 0], not a run of bytes" + AGAIN,
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}",
        8);
    assertHeader(
        "tensor 'w' data_offsets must be [begin, end], was [0,8,16]",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8,16]}}",
        8);
    assertHeader(
        "tensor 'w' data_offsets hold 8 bytes, but 3 in F32 takes 12" + AGAIN,
        "{'w':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}",
        8);
    assertHeader(
        "tensor 'w' dtype is F8_E4M3; understood are BF16, BOOL, F16, F32, F64, I16, I32, I64, I8,"
            + " U8",
        "{'w':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}}",
        8);
    assertHeader(
        "tensor 'w' shape is [2147483647, 2147483647, 2147483647]; at most 8 dimensions below 2^31"
            + " with a product below 2^60 are read"
            + AGAIN,
        "{'w':{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,8]}}",
        8);
  }

  @Test
  void refusesOverlapsGapsAndBytesThatNoTensorHolds() throws IOException {
    String two =
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},"
            + "'b':{'dtype':'U8','shape':[4],'data_offsets':[%d,%d]}}";
    Path file = folder.resolve("m.safetensors");
    Files.write(file, SampleFiles.safetensors(two.formatted(2, 6).replace('\'', '"'), new byte[6]));
    String message =
        assertThrows(FormatException.class, () -> SafetensorsFile.open(file)).getMessage();
    assertTrue(message.contains("tensor 'b' begins at byte"), message);
    assertTrue(message.contains("inside tensor 'a'"), message);
    assertHeader(
        "tensor 'b' data_offsets begin 6 leaves a gap after byte 4" + AGAIN,
        two.formatted(6, 10),
        10);
    assertHeader("tensors end at byte 8 of the data, which has 9" + AGAIN, two.formatted(4, 8), 9);
  }

  @Test
  void refusesATensorThatIsNamedTwice() throws IOException {
    String header =
        "{'w':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},"
            + "'w':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}";
    Path file =
        write("m.safetensors", SampleFiles.safetensors(header.replace('\'', '"'), new byte[1]));
    var error = assertThrows(JsonException.class, () -> SafetensorsFile.open(file));
    assertTrue(error.getMessage().endsWith("Duplicate field 'w'"), error.getMessage());
  }

  private void assertHeader(String message, String header, int dataBytes) throws IOException {
    assertRefused(
        "m.safetensors: " + message,
        folder.resolve("m.safetensors"),
        SampleFiles.safetensors(header.replace('\'', '"'), new byte[dataBytes]),
        SafetensorsFile::open);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
