package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredTensorTest {
  private static final long GIB = 1L << 30;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void readsAnyRunAsPartOfTheWhole(Encoding encoding) throws IOException {
    Random random = new Random(7);
    int elements = 2304; // whole blocks of every encoding, more than a chunk of some
    StoredTensor tensor = tensor(encoding, elements, 3, random);
    float[] whole = tensor.toFloats();
    for (int i = 0; i < 100; i++) {
      int from = random.nextInt(elements + 1);
      int count = random.nextInt(elements - from + 1);
      float[] run = new float[count + 5];
      tensor.read(from, run, 2, count);
      float[] expected = new float[count + 5];
      System.arraycopy(whole, from, expected, 2, count);
      assertArrayEquals(expected, run);
    }
  }

  /** A tensor of random bytes that begins at an odd place of its file. */
  private StoredTensor tensor(Encoding encoding, int elements, int offset, Random random)
      throws IOException {
    int size = (int) encoding.sizeBytes(elements);
    byte[] bytes = new byte[offset + size + 1];
    random.nextBytes(bytes);
    Path file = Files.write(folder.resolve(encoding + ".bin"), bytes);
    return StoredTensor.of(Shape.of(elements), encoding, MappedBytes.map(file, offset, size));
  }

  @Test
  void tellsItsEncodingAndSize() throws IOException {
    StoredTensor tensor = tensor(Encoding.Q4_1, 64, 0, new Random(1));
    assertEquals("Q4_1", tensor.encoding());
    assertEquals(40, tensor.sizeBytes());
    assertEquals(5.0, tensor.bitsPerElement());
  }

  @Test
  void refusesRunsOutsideTheTensorOrTheArray() throws IOException {
    StoredTensor tensor = tensor(Encoding.F32, 8, 0, new Random(1));
    float[] into = new float[4];
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.read(6, into, 0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.read(-1, into, 0, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.read(0, into, 2, 3));
  }

  @Test
  void refusesBytesThatTheShapeDoesNotTake() throws IOException {
    MappedBytes bytes = tensor(Encoding.F32, 8, 0, new Random(1)).bytes();
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> StoredTensor.of(Shape.of(3, 3), Encoding.F32, bytes));
    assertEquals("3 x 3 in float32 takes 36 bytes, got 32", error.getMessage());
  }

  @Test
  void mapsTensorsBeyondTwoGibibytesWithoutCopying() throws IOException {
    Path file = folder.resolve("sparse.bin");
    int offset = 5;
    int rows = 9;
    int columns = 1 << 26; // 256 MiB a row, 2.25 GiB in all
    long seam = GIB / Float.BYTES; // where one mapped window ends and the next begins
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(offset + 4L * rows * columns + 3);
      for (long element : new long[] {seam - 1, seam, 2 * seam + 1, (long) rows * columns - 1}) {
        sparse.seek(offset + 4 * element);
        sparse.writeInt(Integer.reverseBytes(Float.floatToRawIntBits(element % 1000 + 0.5f)));
      }
    } catch (IOException e) {
      assumeTrue(false, "no sparse file of 2.25 GiB can be made here: " + e.getMessage());
    }
    MappedBytes bytes = MappedBytes.map(file, offset, 4L * rows * columns);
    StoredTensor tensor = StoredTensor.of(Shape.of(rows, columns), Encoding.F32, bytes);
    float[] run = new float[4];
    tensor.read(seam - 2, run, 0, 4);
    assertArrayEquals(new float[] {0, (seam - 1) % 1000 + 0.5f, seam % 1000 + 0.5f, 0}, run);
    tensor.read(2 * seam + 1, run, 0, 1);
    assertEquals((2 * seam + 1) % 1000 + 0.5f, run[0]);
    tensor.read((long) rows * columns - 1, run, 0, 1);
    assertEquals(((long) rows * columns - 1) % 1000 + 0.5f, run[0]);
    byte[] acrossSeam = new byte[8];
    bytes.read(GIB - 4, acrossSeam, 0, 8);
    assertEquals((seam - 1) % 1000 + 0.5f, floatAt(acrossSeam, 0));
    assertEquals(seam % 1000 + 0.5f, floatAt(acrossSeam, 4));
    var error = assertThrows(IllegalStateException.class, () -> bigger(file).toFloats());
    assertEquals(
        "3 x 805306368 has more elements than one array holds: read it in runs",
        error.getMessage());
  }

  private static StoredTensor bigger(Path file) throws IOException {
    MappedBytes bytes = MappedBytes.map(file, 0, 9L << 28);
    return StoredTensor.of(Shape.of(3, 3 << 28), Encoding.U8, bytes);
  }

  private static float floatAt(byte[] bytes, int at) {
    float[] value = new float[1];
    Encoding.F32.decode(bytes, at, value, 0, 1);
    return value[0];
  }

  /** 0xe3069283 is the check value that CRC-32C's definition gives for these digits. */
  @Test
  void checksumsAllBytes() throws IOException {
    Path file = Files.write(folder.resolve("sum.bin"), "0123456789".getBytes());
    CRC32C crc = new CRC32C();
    MappedBytes.map(file, 0, 10).checksum(1, 9, crc);
    assertEquals(0xe3069283L, crc.getValue());
  }
}
