package io.kerf.tensor;

/**
 * GGML's reference rounding to blocks of 32 elements, the layouts of {@link GgmlBlocks}: codes are
 * chosen by the scale in float32, before it is rounded to float16.
 */
final class GgmlRounding {
  private static final int ELEMENTS = 32;

  private GgmlRounding() {}

  /** The element of largest magnitude gets code 0, which stands for -8: d = it / -8. */
  static void q40(float[] values, int from, byte[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += ELEMENTS, at += 18) {
      float largest = 0;
      for (int i = 0; i < ELEMENTS; i++) {
        float value = finite(values[from + i]);
        if (Math.abs(largest) < Math.abs(value)) {
          largest = value;
        }
      }
      float d = largest / -8;
      PlainEncodings.SHORT.set(into, at, PlainEncodings.half(d));
      codes(values, from, 0, inverse(d), 8.5f, into, at + 2);
    }
  }

  /** The smallest element gets code 0, the largest 15: d = (largest - smallest) / 15. */
  static void q41(float[] values, int from, byte[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += ELEMENTS, at += 20) {
      float smallest = finite(values[from]);
      float largest = smallest;
      for (int i = 1; i < ELEMENTS; i++) {
        float value = finite(values[from + i]);
        smallest = value < smallest ? value : smallest;
        largest = value > largest ? value : largest;
      }
      float d = (largest - smallest) / 15;
      PlainEncodings.SHORT.set(into, at, PlainEncodings.half(d));
      PlainEncodings.SHORT.set(into, at + 2, PlainEncodings.half(smallest));
      codes(values, from, smallest, inverse(d), 0.5f, into, at + 4);
    }
  }

  /** The largest magnitude gets code 127 or -127; halves are rounded away from zero. */
  static void q80(float[] values, int from, byte[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += ELEMENTS, at += 34) {
      float largest = 0;
      for (int i = 0; i < ELEMENTS; i++) {
        largest = Math.max(largest, Math.abs(finite(values[from + i])));
      }
      float d = largest / 127;
      PlainEncodings.SHORT.set(into, at, PlainEncodings.half(d));
      float inverse = inverse(d);
      for (int i = 0; i < ELEMENTS; i++) {
        float scaled = values[from + i] * inverse;
        // in double the half is added exactly
        int code = (int) (Math.abs((double) scaled) + 0.5);
        into[at + 2 + i] = (byte) (scaled < 0 ? -code : code);
      }
    }
  }

  /** Two codes a byte: floor((value - offset) inverse + half), at most 15. */
  private static void codes(
      float[] values, int from, float offset, float inverse, float half, byte[] into, int at) {
    for (int i = 0; i < ELEMENTS / 2; i++) {
      int low = (int) ((values[from + i] - offset) * inverse + half);
      int high = (int) ((values[from + ELEMENTS / 2 + i] - offset) * inverse + half);
      into[at + i] = (byte) (Math.min(15, low) | Math.min(15, high) << 4);
    }
  }

  private static float inverse(float d) {
    return d == 0 ? 0 : 1 / d;
  }

  private static float finite(float value) {
    if (!Float.isFinite(value)) {
      throw new ArithmeticException(value + " cannot be written in blocks that share a scale");
    }
    return value;
  }
}
