package io.kerf.tensor;

/** The two 16-bit floating-point encodings, widened exactly to float32. */
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
}
