package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One block of each kind, worked by hand. Halves: 0x3800 is 0.5, 0x3c00 is 1, 0x4000 is 2. */
class EncodingTest {
  @Test
  void decodesPlainNumbers() {
    assertArrayEquals(new float[] {-2.5f}, decode(Encoding.F64, buffer(8).putDouble(-2.5)));
    assertArrayEquals(new float[] {0.1f}, decode(Encoding.F32, buffer(4).putFloat(0.1f)));
    assertArrayEquals(new float[] {0.5f}, decode(Encoding.F16, buffer(2).putShort((short) 0x3800)));
    assertArrayEquals(new float[] {-1}, decode(Encoding.BF16, buffer(2).putShort((short) 0xbf80)));
    assertArrayEquals(new float[] {-7}, decode(Encoding.I64, buffer(8).putLong(-7)));
    assertArrayEquals(new float[] {-70000}, decode(Encoding.I32, buffer(4).putInt(-70000)));
    assertArrayEquals(new float[] {-300}, decode(Encoding.I16, buffer(2).putShort((short) -300)));
    assertArrayEquals(new float[] {-1}, decode(Encoding.I8, buffer(1).put((byte) 255)));
    assertArrayEquals(new float[] {255}, decode(Encoding.U8, buffer(1).put((byte) 255)));
    assertArrayEquals(new float[] {1}, decode(Encoding.BOOL, buffer(1).put((byte) 1)));
  }

  @Test
  void decodesQ40AsScaleTimesCodeLessEight() {
    float[] values = decode(Encoding.Q4_0, buffer(18).putShort((short) 0x3800).put((byte) 0xf3));
    assertEquals(0.5f * (3 - 8), values[0]);
    assertEquals(0.5f * (15 - 8), values[16]);
    assertEquals(0.5f * -8, values[31]);
  }

  @Test
  void decodesQ41AsScaleTimesCodePlusMinimum() {
    ByteBuffer block = buffer(20).putShort((short) 0x3800).putShort((short) 0x3c00);
    float[] values = decode(Encoding.Q4_1, block.put((byte) 0xf3));
    assertEquals(0.5f * 3 + 1, values[0]);
    assertEquals(0.5f * 15 + 1, values[16]);
    assertEquals(1f, values[1]);
  }

  @Test
  void decodesQ50AndQ51WithTheFifthBitApart() {
    int fifth = 1 | 1 << 17;
    float[] symmetric =
        decode(
            Encoding.Q5_0,
            buffer(22).putShort((short) 0x3800).putInt(fifth).put((byte) 0x13).put((byte) 0x24));
    assertEquals(0.5f * (3 + 16 - 16), symmetric[0]);
    assertEquals(0.5f * (4 - 16), symmetric[1]);
    assertEquals(0.5f * (1 - 16), symmetric[16]);
    assertEquals(0.5f * (2 + 16 - 16), symmetric[17]);
    ByteBuffer block = buffer(24).putShort((short) 0x3800).putShort((short) 0x3c00).putInt(fifth);
    float[] asymmetric = decode(Encoding.Q5_1, block.put((byte) 0x13).put((byte) 0x24));
    assertEquals(0.5f * (3 + 16) + 1, asymmetric[0]);
    assertEquals(0.5f * (2 + 16) + 1, asymmetric[17]);
  }

  @Test
  void decodesQ80AsScaleTimesSignedByte() {
    float[] values = decode(Encoding.Q8_0, buffer(34).putShort((short) 0x3800).put((byte) -128));
    assertEquals(-64f, values[0]);
    assertEquals(0f, values[1]);
  }

  @Test
  void decodesQ2kWithAScaleAndMinimumForSixteen() {
    byte[] block = new byte[84];
    block[1] = 0x23; // group 1: scale 3, minimum 2
    block[16 + 16] = 0b10; // element 16's code, lowest two bits
    buffer(block).putShort(80, (short) 0x3800).putShort(82, (short) 0x3c00);
    float[] values = decode(Encoding.Q2_K, block);
    assertEquals(0f, values[15]);
    assertEquals(0.5f * 3 * 2 - 1 * 2, values[16]);
    assertEquals(-2f, values[17]);
  }

  @Test
  void decodesQ3kWithTheThirdBitApart() {
    byte[] block = new byte[110];
    block[0] = 0b10; // third bit of element 32
    block[32] = 0b1100; // lower two bits of element 32
    block[96 + 2] = 0x05; // group 2: lower four bits of the scale
    block[104 + 2] = 0b10; // and its upper two: 2 << 4 | 5
    buffer(block).putShort(108, (short) 0x3800);
    float[] values = decode(Encoding.Q3_K, block);
    assertEquals(0.5f * (37 - 32) * (7 - 4), values[32]);
    assertEquals(0.5f * (37 - 32) * (0 - 4), values[33]);
    assertEquals(0.5f * -32 * -4, values[0]);
  }

  @Test
  void decodesQ4kWithSixBitScalesAndMinima() {
    byte[] block = new byte[144];
    buffer(block).putShort(0, (short) 0x3800).putShort(2, (short) 0x3c00);
    block[4] = (byte) (2 << 6 | 3); // group 0: scale 3; upper bits of group 4's scale: 2
    block[4 + 4] = (byte) (1 << 6 | 5); // group 0: minimum 5; upper bits of group 4's: 1
    block[4 + 8] = 0x74; // group 4: lower bits of scale 4 and minimum 7
    block[16] = 0x09; // element 0
    block[16 + 64] = 0x0b; // element 128, the first of group 4
    float[] values = decode(Encoding.Q4_K, block);
    assertEquals(0.5f * 3 * 9 - 5, values[0]);
    assertEquals(0.5f * (2 << 4 | 4) * 11 - (1 << 4 | 7), values[128]);
  }

  @Test
  void decodesQ5kWithTheFifthBitApart() {
    byte[] block = new byte[176];
    buffer(block).putShort(0, (short) 0x3800).putShort(2, (short) 0x3c00);
    block[4 + 1] = 3; // group 1: scale
    block[4 + 5] = 2; // group 1: minimum
    block[16] = 0b10; // fifth bit of element 32
    block[48] = (byte) 0x90; // lower four bits of element 32
    float[] values = decode(Encoding.Q5_K, block);
    assertEquals(0.5f * 3 * (16 + 9) - 2, values[32]);
    assertEquals(-2f, values[33]);
  }

  @Test
  void decodesQ6kWithSignedScales() {
    byte[] block = new byte[210];
    block[64 + 32] = (byte) 0xa0; // element 128 + 96's lower four bits: upper half of ql[32]
    block[128 + 32] = (byte) 0b11000000; // and its upper two
    block[192 + 14] = -3; // its group's scale
    buffer(block).putShort(208, (short) 0x3800);
    float[] values = decode(Encoding.Q6_K, block);
    assertEquals(0.5f * -3 * (3 * 16 + 10 - 32), values[128 + 96]);
    assertEquals(0.5f * -3 * -32, values[128 + 97]);
  }

  @ParameterizedTest
  @EnumSource
  void decodesBlocksIndependentlyOfTheirNeighbours(Encoding encoding) {
    byte[] bytes = new byte[3 * encoding.blockBytes()];
    new java.util.Random(1).nextBytes(bytes);
    int size = encoding.blockElements();
    float[] together = new float[3 * size];
    encoding.decode(bytes, 0, together, 0, 3);
    for (int block = 0; block < 3; block++) {
      float[] alone = new float[size];
      encoding.decode(bytes, block * encoding.blockBytes(), alone, 0, 1);
      assertArrayEquals(Arrays.copyOfRange(together, block * size, (block + 1) * size), alone);
    }
  }

  @Test
  void refusesElementsThatDoNotFillBlocks() {
    var error = assertThrows(IllegalArgumentException.class, () -> Encoding.Q4_K.sizeBytes(255));
    assertEquals("255 elements do not fill blocks of 256 (Q4_K)", error.getMessage());
    assertEquals(2 * 144, Encoding.Q4_K.sizeBytes(512));
  }

  private static ByteBuffer buffer(int size) {
    return buffer(new byte[size]);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float[] decode(Encoding encoding, ByteBuffer block) {
    return decode(encoding, block.array());
  }

  private static float[] decode(Encoding encoding, byte[] block) {
    float[] values = new float[encoding.blockElements()];
    encoding.decode(block, 0, values, 0, 1);
    return values;
  }
}
