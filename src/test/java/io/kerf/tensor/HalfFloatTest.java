package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void widensWorkedFloat16Values() {
    assertEquals(1f, HalfFloat.fromFloat16((short) 0x3c00));
    assertEquals(-2f, HalfFloat.fromFloat16((short) 0xc000));
    assertEquals(65504f, HalfFloat.fromFloat16((short) 0x7bff));
    assertEquals(0x1p-24f, HalfFloat.fromFloat16((short) 1));
    assertEquals(Float.NEGATIVE_INFINITY, HalfFloat.fromFloat16((short) 0xfc00));
    assertEquals(Float.NaN, HalfFloat.fromFloat16((short) 0x7e00));
    assertEquals(-0f, HalfFloat.fromFloat16((short) 0x8000));
  }

  @Test
  void widensEveryFloat16ByItsDefinition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 31;
      int fraction = bits & 1023;
      double magnitude;
      if (exponent == 31) {
        magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      } else if (exponent == 0) {
        magnitude = fraction * 0x1p-24;
      } else {
        magnitude = (1024 + fraction) * Math.scalb(1.0, exponent - 25);
      }
      float expected = (float) (bits < 1 << 15 ? magnitude : -magnitude);
      assertEquals(expected, HalfFloat.fromFloat16((short) bits), "bits " + bits);
    }
  }

  @Test
  void widensBfloat16AsTheUpperHalfOfAFloat() {
    assertEquals(1f, HalfFloat.fromBfloat16((short) 0x3f80));
    assertEquals(-3.140625f, HalfFloat.fromBfloat16((short) 0xc049));
  }
}
