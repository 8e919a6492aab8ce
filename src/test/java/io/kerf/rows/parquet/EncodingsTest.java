package io.kerf.rows.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ways in which bytes and numbers are written, worked by hand. */
class EncodingsTest {
  private static Cursor bytes(int... bytes) {
    byte[] narrow = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      narrow[i] = (byte) bytes[i];
    }
    return new Cursor(narrow);
  }

  @Test
  void snappyRepeatsWhatItJustWrote() {
    // 11 bytes: 3 as they are, then 8 from 2 back, which reach into what they write.
    byte[] out = new byte[11];
    Snappy.decompress(bytes(11, 2 << 2, 'a', 'b', 'c', (8 - 4) << 2 | 1, 2), out);
    assertEquals("abcbcbcbcbc", new String(out, StandardCharsets.US_ASCII));
  }

  @Test
  void snappyRefusesCopiesFromBeforeTheBeginningAndOtherLengths() {
    assertEquals(
        "copies from 9 bytes before byte 1",
        assertThrows(
                Cursor.Ended.class, () -> Snappy.decompress(bytes(5, 0, 'a', 1, 9), new byte[5]))
            .getMessage());
    assertEquals(
        "says that it becomes 5 bytes, not 6",
        assertThrows(Cursor.Ended.class, () -> Snappy.decompress(bytes(5, 0, 'a'), new byte[6]))
            .getMessage());
    assertEquals(
        "becomes 1 bytes, not 5",
        assertThrows(Cursor.Ended.class, () -> Snappy.decompress(bytes(5, 0, 'a'), new byte[5]))
            .getMessage());
  }

  @Test
  void runsAreRepeatedOrPacked() {
    // Four times 5; then a group of eight numbers of 3 bits: 0 to 7.
    Runs runs = new Runs(bytes(4 << 1, 5, 1 << 1 | 1, 0b10001000, 0b11000110, 0b11111010), 3);
    int[] seen = new int[12];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = runs.next();
    }
    assertArrayEquals(new int[] {5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7}, seen);
    assertThrows(Cursor.Ended.class, runs::next);
  }

  @Test
  void deltasAddTheLeastDifferenceOfTheirBlock() {
    // 7, 5, 3, 1, 2, 3, 4, 5: differences -2 -2 -2 1 1 1 1, the least -2, the others 0 or 3.
    Deltas deltas = new Deltas(bytes(8, 1, 8, 14, 3, 2, 0b11000000, 0b11111111), 8);
    long[] seen = new long[8];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = deltas.next();
    }
    assertArrayEquals(new long[] {7, 5, 3, 1, 2, 3, 4, 5}, seen);
    assertThrows(Cursor.Ended.class, deltas::next);
  }

  /** Whatever numbers are packed, they are read again. */
  @Test
  void bitsOfEveryWidthComeBack() {
    Random random = new Random(4);
    for (int width = 1; width <= 64; width++) {
      long[] numbers = random.longs(40).toArray();
      byte[] packed = new byte[(40 * width + 7) / 8];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = width == 64 ? numbers[i] : numbers[i] & (1L << width) - 1;
        for (int bit = 0; bit < width; bit++) {
          int at = i * width + bit;
          packed[at / 8] |= (byte) ((numbers[i] >>> bit & 1) << at % 8);
        }
      }
      Cursor cursor = new Cursor(packed);
      for (int i = 0; i < numbers.length; i++) {
        assertEquals(numbers[i], cursor.bits((long) i * width, width), "width " + width);
      }
    }
  }

  @Test
  void anyBytesComeBackFromSnappyThatHoldsThemAsTheyAre() {
    for (int size : new int[] {0, 1, 59, 60, 61, 255, 256, 70_000}) {
      byte[] content = new byte[size];
      new Random(size).nextBytes(content);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int left = size; ; left >>>= 7) {
        out.write(left < 0x80 ? left : left & 0x7f | 0x80);
        if (left < 0x80) {
          break;
        }
      }
      if (size > 0) {
        out.write(62 << 2); // the length less one stands in three bytes
        out.write(size - 1);
        out.write(size - 1 >>> 8);
        out.write(size - 1 >>> 16);
        out.writeBytes(content);
      }
      byte[] seen = new byte[size];
      Snappy.decompress(new Cursor(out.toByteArray()), seen);
      assertArrayEquals(content, seen);
    }
  }

  @Test
  void thriftRefusesAListThatIsLongerThanWhatIsLeft() {
    // Field 1: a list whose length says 2^35.
    Cursor forged = bytes(0x19, 0xf5, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01);
    assertEquals(
        "holds a list of 34359738368 where 0 are left",
        assertThrows(Cursor.Ended.class, () -> Thrift.read(forged, "f")).getMessage());
  }
}
