package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgmlRoundingTest {
  private static byte[] encoded(Encoding encoding, float... values) {
    int blocks = values.length / encoding.blockElements();
    byte[] bytes = new byte[blocks * encoding.blockBytes()];
    encoding.encode(values, 0, bytes, 0, blocks);
    return bytes;
  }

  private static float[] decoded(Encoding encoding, byte[] bytes) {
    int blocks = bytes.length / encoding.blockBytes();
    float[] values = new float[blocks * encoding.blockElements()];
    encoding.decode(bytes, 0, values, 0, blocks);
    return values;
  }

  private static float[] block(float first, float second, float seventeenth) {
    float[] values = new float[32];
    values[0] = first;
    values[1] = second;
    values[16] = seventeenth;
    return values;
  }

  /** Largest magnitude -4, so d = 0.5: codes -4 -> 0, 1 -> 10, 3.5 -> 15, 0 -> 8. */
  @Test
  void fourBitsByHand() {
    byte[] bytes = encoded(Encoding.Q4_0, block(-4, 1, 3.5f));
    byte[] expected = new byte[18];
    Arrays.fill(expected, (byte) 0x88);
    expected[0] = 0x00; // 0.5 as float16 is 0x3800
    expected[1] = 0x38;
    expected[2] = (byte) 0xf0;
    expected[3] = (byte) 0x8a;
    assertArrayEquals(expected, bytes);
  }

  /** From -1 to 14, so m = -1 and d = 1: codes -1 -> 0, 14 -> 15, 4.6 -> 6, 0 -> 1. */
  @Test
  void fourBitsWithAMinimumByHand() {
    byte[] bytes = encoded(Encoding.Q4_1, block(-1, 14, 4.6f));
    byte[] expected = new byte[20];
    Arrays.fill(expected, (byte) 0x11);
    expected[0] = 0x00; // 1 is 0x3c00, -1 is 0xbc00
    expected[1] = 0x3c;
    expected[2] = 0x00;
    expected[3] = (byte) 0xbc;
    expected[4] = 0x60;
    expected[5] = 0x1f;
    assertArrayEquals(expected, bytes);
  }

  /** Largest magnitude 254, so d = 2: codes -254 -> -127, 3 -> 2 and -3 -> -2, halves outwards. */
  @Test
  void eightBitsByHand() {
    byte[] bytes = encoded(Encoding.Q8_0, block(-254, 3, -3));
    byte[] expected = new byte[34];
    expected[0] = 0x00; // 2 is 0x4000
    expected[1] = 0x40;
    expected[2] = -127;
    expected[3] = 2;
    expected[18] = -2;
    assertArrayEquals(expected, bytes);
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0"})
  void whatWasRoundedOnceStays(Encoding encoding) {
    Random random = new Random(5);
    float[] values = new float[32 * 400];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(10, i / 32 % 7 - 4));
    }
    Arrays.fill(values, 0, 32, 0);
    byte[] once = encoded(encoding, values);
    assertArrayEquals(once, encoded(encoding, decoded(encoding, once)));
  }

  @Test
  void refusesWhatAScaleCannotHold() {
    float[] large = block(1e9f, 0, 0);
    for (Encoding encoding : new Encoding[] {Encoding.Q4_0, Encoding.Q4_1, Encoding.Q8_0}) {
      String message =
          assertThrows(ArithmeticException.class, () -> encoded(encoding, large)).getMessage();
      assertEquals(" is beyond float16's range of 65504", message.replaceFirst("^\\S+", ""));
    }
    assertEquals(
        "NaN cannot be written in blocks that share a scale",
        assertThrows(
                ArithmeticException.class, () -> encoded(Encoding.Q8_0, block(Float.NaN, 0, 0)))
            .getMessage());
    assertEquals(
        "Q6_K is read but not written",
        assertThrows(
                UnsupportedOperationException.class, () -> encoded(Encoding.Q6_K, new float[256]))
            .getMessage());
  }
}
