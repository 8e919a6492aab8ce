package io.kerf.tensor;

/**
 * GGML's blocks of 32 elements: a float16 scale d, in the {@code _1} kinds a float16 minimum m, and
 * codes q.
 *
 * <p>The 16 bytes of 4-bit codes hold elements 0..15 in their lower halves and 16..31 in their
 * upper ones. The fifth bits of the 5-bit kinds lie together in an int before them, bit i for
 * element i.
 */
final class GgmlBlocks {
  private GgmlBlocks() {}

  /** d (q - 8). */
  static void q40(byte[] bytes, int from, float[] into, int at, int blocks) {
    float[] levels = new float[16]; // a look-up is cheaper than a conversion
    for (int b = 0; b < blocks; b++, from += 18, at += 32) {
      float d = half(bytes, from);
      for (int q = 0; q < 16; q++) {
        levels[q] = d * (q - 8);
      }
      for (int i = 0; i < 16; i++) {
        int pair = bytes[from + 2 + i];
        into[at + i] = levels[pair & 15];
        into[at + 16 + i] = levels[pair >> 4 & 15];
      }
    }
  }

  /** d q + m. */
  static void q41(byte[] bytes, int from, float[] into, int at, int blocks) {
    float[] levels = new float[16];
    for (int b = 0; b < blocks; b++, from += 20, at += 32) {
      float d = half(bytes, from);
      float m = half(bytes, from + 2);
      for (int q = 0; q < 16; q++) {
        levels[q] = d * q + m;
      }
      for (int i = 0; i < 16; i++) {
        int pair = bytes[from + 4 + i];
        into[at + i] = levels[pair & 15];
        into[at + 16 + i] = levels[pair >> 4 & 15];
      }
    }
  }

  /** d (q - 16), q of five bits. */
  static void q50(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 22, at += 32) {
      float d = half(bytes, from);
      int fifth = (int) PlainEncodings.INT.get(bytes, from + 2);
      for (int i = 0; i < 16; i++) {
        int pair = bytes[from + 6 + i];
        into[at + i] = d * ((pair & 15 | (fifth >> i & 1) << 4) - 16);
        into[at + 16 + i] = d * ((pair >> 4 & 15 | (fifth >> (16 + i) & 1) << 4) - 16);
      }
    }
  }

  /** d q + m, q of five bits. */
  static void q51(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 24, at += 32) {
      float d = half(bytes, from);
      float m = half(bytes, from + 2);
      int fifth = (int) PlainEncodings.INT.get(bytes, from + 4);
      for (int i = 0; i < 16; i++) {
        int pair = bytes[from + 8 + i];
        into[at + i] = d * (pair & 15 | (fifth >> i & 1) << 4) + m;
        into[at + 16 + i] = d * (pair >> 4 & 15 | (fifth >> (16 + i) & 1) << 4) + m;
      }
    }
  }

  /** d q, q of eight bits with a sign. */
  static void q80(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 34, at += 32) {
      float d = half(bytes, from);
      for (int i = 0; i < 32; i++) {
        into[at + i] = d * bytes[from + 2 + i];
      }
    }
  }

  static float half(byte[] bytes, int at) {
    return HalfFloat.fromFloat16((short) PlainEncodings.SHORT.get(bytes, at));
  }
}
