package io.kerf.tensor;

/** The two 16-bit floating-point encodings: widened exactly to float32, rounded to from it. */
public final class HalfFloat {
  private static final int SMALLEST_NORMAL = 0x0400 << 13;
  private static final int INFINITY = 0x7c00 << 13;
  private static final int SUBNORMAL_BITS = 113 << 23; // 2^-14, whose last places count subnormals
  private static final float SUBNORMAL = Float.intBitsToFloat(SUBNORMAL_BITS);

  private HalfFloat() {}

  /** The value of IEEE 754 binary16 bits: 1 sign, 5 exponent, 10 fraction. */
  public static float fromFloat16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = (bits & 0x7fff) << 13; // as float32, with an exponent that is 112 too small
    if (magnitude < SMALLEST_NORMAL) {
      float value = Float.intBitsToFloat(magnitude + SUBNORMAL_BITS) - SUBNORMAL;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
    }
    int rebias = magnitude < INFINITY ? 112 << 23 : 224 << 23;
    return Float.intBitsToFloat(sign | magnitude + rebias);
  }

  /** The value of bfloat16 bits: the upper half of a float32. */
  public static float fromBfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /**
   * The binary16 bits nearest to a value, of two equally near the even ones: infinity from 65520
   * on.
   */
  public static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) { // 65520, where the next step would be 65536
      return (short) (sign | 0x7c00);
    }
    if (magnitude < SUBNORMAL_BITS) {
      // The last place of a float32 in [0.5, 1) is 2^-24, as a subnormal's: the sum rounds to it.
      float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(0.5f));
    }
    int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
    return (short) (sign | rounded - (112 << 23) >>> 13);
  }

  /** The bfloat16 bits nearest to a value, of two equally near the even ones. */
  public static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.isNaN(value)
        ? (short) (bits >>> 16 | 0x40)
        : (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
