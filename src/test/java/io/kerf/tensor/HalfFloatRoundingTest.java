package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HalfFloatRoundingTest {
  @Test
  void everyFloat16ComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfFloat.fromFloat16((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, HalfFloat.toFloat16(value), Integer.toHexString(bits));
      }
    }
  }

  @Test
  void everyBfloat16ComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfFloat.fromBfloat16((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, HalfFloat.toBfloat16(value), Integer.toHexString(bits));
      }
    }
  }

  /** Halfway between neighbours the even one is taken, and beyond halfway the nearer. */
  @Test
  void roundsToTheNearestAndToEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = HalfFloat.fromFloat16((short) bits);
      float high = HalfFloat.fromFloat16((short) (bits + 1));
      float middle = (low + high) / 2; // exact: float32 has 13 bits more
      assertEquals((short) (bits + bits % 2), HalfFloat.toFloat16(middle));
      assertEquals((short) bits, HalfFloat.toFloat16(Math.nextDown(middle)));
      assertEquals((short) (bits + 1), HalfFloat.toFloat16(Math.nextUp(middle)));
      assertEquals((short) (0x8000 | bits + bits % 2), HalfFloat.toFloat16(-middle));
    }
    assertEquals((short) 0x7bff, HalfFloat.toFloat16(Math.nextDown(65520f)));
    assertEquals((short) 0x7c00, HalfFloat.toFloat16(65520f));
  }
}
