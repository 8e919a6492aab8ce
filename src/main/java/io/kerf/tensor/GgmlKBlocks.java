package io.kerf.tensor;

import static io.kerf.tensor.GgmlBlocks.half;

/**
 * GGML's K blocks of 256 elements, cut into groups of 16 or 32 whose scales (and minima) are small
 * whole numbers times the block's float16 d (and dmin).
 */
final class GgmlKBlocks {
  private GgmlKBlocks() {}

  /**
   * 2-bit codes: d s q - dmin m in groups of 16.
   *
   * <p>Bytes: 16 of 4-bit s and m, 64 of codes, d, dmin. 32 bytes of codes hold four runs of 32
   * elements, one in each pair of bits.
   */
  static void q2(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 84) {
      float d = half(bytes, from + 80);
      float dmin = half(bytes, from + 82);
      for (int group = 0; group < 16; group++, at += 16) {
        int packed = bytes[from + group];
        float scale = d * (packed & 15);
        float minimum = dmin * (packed >> 4 & 15);
        int codes = from + 16 + 32 * (group / 8) + 16 * (group % 2);
        int shift = 2 * (group / 2 % 4);
        for (int i = 0; i < 16; i++) {
          into[at + i] = scale * (bytes[codes + i] >> shift & 3) - minimum;
        }
      }
    }
  }

  /**
   * 3-bit codes: d (s - 32) (q - 4) in groups of 16.
   *
   * <p>Bytes: 32 of the codes' third bits (bit k of byte i for element 32 k + i), 64 of lower two
   * bits as in {@link #q2}, 12 of 6-bit s, d.
   */
  static void q3(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 110) {
      float d = half(bytes, from + 108);
      for (int group = 0; group < 16; group++, at += 16) {
        int scales = from + 96;
        int low = bytes[scales + group % 8] >> (group < 8 ? 0 : 4) & 15;
        int high = bytes[scales + 8 + group % 4] >> 2 * (group / 4) & 3;
        float scale = d * ((low | high << 4) - 32);
        int thirds = from + 16 * (group % 2);
        int codes = from + 32 + 32 * (group / 8) + 16 * (group % 2);
        int shift = 2 * (group / 2 % 4);
        int bit = group / 2;
        for (int i = 0; i < 16; i++) {
          int code = bytes[codes + i] >> shift & 3 | (bytes[thirds + i] >> bit & 1) << 2;
          into[at + i] = scale * (code - 4);
        }
      }
    }
  }

  /**
   * 4-bit codes: d s q - dmin m in groups of 32.
   *
   * <p>Bytes: d, dmin, 12 of 6-bit s and m, 128 of codes. 32 bytes of codes hold two groups, one in
   * their lower halves and one in their upper.
   */
  static void q4(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 144) {
      float d = half(bytes, from);
      float dmin = half(bytes, from + 2);
      for (int group = 0; group < 8; group++, at += 32) {
        float scale = d * scale6(bytes, from + 4, group);
        float minimum = dmin * minimum6(bytes, from + 4, group);
        int codes = from + 16 + 32 * (group / 2);
        int shift = 4 * (group % 2);
        for (int i = 0; i < 32; i++) {
          into[at + i] = scale * (bytes[codes + i] >> shift & 15) - minimum;
        }
      }
    }
  }

  /**
   * 5-bit codes: d s q - dmin m in groups of 32.
   *
   * <p>Bytes: as {@link #q4} with 32 bytes of the codes' fifth bits (bit k of byte i for element 32
   * k + i) before the lower four.
   */
  static void q5(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 176) {
      float d = half(bytes, from);
      float dmin = half(bytes, from + 2);
      for (int group = 0; group < 8; group++, at += 32) {
        float scale = d * scale6(bytes, from + 4, group);
        float minimum = dmin * minimum6(bytes, from + 4, group);
        int fifths = from + 16;
        int codes = from + 48 + 32 * (group / 2);
        int shift = 4 * (group % 2);
        for (int i = 0; i < 32; i++) {
          int code = bytes[codes + i] >> shift & 15 | (bytes[fifths + i] >> group & 1) << 4;
          into[at + i] = scale * code - minimum;
        }
      }
    }
  }

  /**
   * 6-bit codes: d s (q - 32) in groups of 16.
   *
   * <p>Bytes: 128 of lower four bits, 64 of upper two, 16 of 8-bit s with a sign, d. Each half
   * block of 128 elements is four runs of 32: the lower halves of 64 bytes, then their upper
   * halves; run k's upper bits are bits 2 k and 2 k + 1 of 32 bytes.
   */
  static void q6(byte[] bytes, int from, float[] into, int at, int blocks) {
    for (int b = 0; b < blocks; b++, from += 210) {
      float d = half(bytes, from + 208);
      for (int group = 0; group < 16; group++, at += 16) {
        float scale = d * bytes[from + 192 + group];
        int run = group / 2 % 4;
        int low = from + 64 * (group / 8) + 32 * (run % 2) + 16 * (group % 2);
        int high = from + 128 + 32 * (group / 8) + 16 * (group % 2);
        int lowShift = 4 * (run / 2);
        int highShift = 2 * run;
        for (int i = 0; i < 16; i++) {
          int code = bytes[low + i] >> lowShift & 15 | (bytes[high + i] >> highShift & 3) << 4;
          into[at + i] = scale * (code - 32);
        }
      }
    }
  }

  /** The 6-bit scale of a group, of eight that share 12 bytes with eight minima. */
  private static int scale6(byte[] bytes, int at, int group) {
    return group < 4
        ? bytes[at + group] & 63
        : bytes[at + group + 4] & 15 | (bytes[at + group - 4] >> 6 & 3) << 4;
  }

  /** The 6-bit minimum of a group; see {@link #scale6}. */
  private static int minimum6(byte[] bytes, int at, int group) {
    return group < 4
        ? bytes[at + group + 4] & 63
        : bytes[at + group + 4] >> 4 & 15 | (bytes[at + group] >> 6 & 3) << 4;
  }
}
