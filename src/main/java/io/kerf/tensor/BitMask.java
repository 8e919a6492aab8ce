package io.kerf.tensor;

import java.util.Objects;

/** One bit for each element of a tensor, row-major: set where the element is kept. Immutable. */
public final class BitMask {
  private final long length;
  private final long[] words; // element i is bit i mod 64 of word i / 64; bits beyond length are 0
  private final long kept;

  private BitMask(long length, long[] words) {
    if (words.length != words(length)) {
      throw new IllegalArgumentException(
          length + " elements need " + words(length) + " words, got " + words.length);
    }
    long set = 0;
    for (long word : words) {
      set += Long.bitCount(word);
    }
    if (length % 64 != 0 && words[words.length - 1] >>> length % 64 != 0) {
      throw new IllegalArgumentException("bits beyond the " + length + " elements must not be set");
    }
    this.length = length;
    this.words = words;
    this.kept = set;
  }

  /** A mask that takes over an array which the caller will not write again: no copy is made. */
  public static BitMask wrap(long length, long[] words) {
    return new BitMask(length, words);
  }

  /** How many 64-bit words that many elements take. */
  public static int words(long length) {
    return Math.toIntExact((length + 63) / 64);
  }

  /** How many elements there are. */
  public long length() {
    return length;
  }

  /** How many elements are kept. */
  public long kept() {
    return kept;
  }

  /** Whether that element is kept. */
  public boolean keeps(long element) {
    Objects.checkIndex(element, length);
    return (words[(int) (element >>> 6)] >>> element & 1) != 0;
  }

  /** The elements that both keep. */
  public BitMask and(BitMask other) {
    if (other.length != length) {
      throw new IllegalArgumentException(
          "masks must be of one length, were " + length + " and " + other.length);
    }
    long[] both = new long[words.length];
    for (int i = 0; i < both.length; i++) {
      both[i] = words[i] & other.words[i];
    }
    return new BitMask(length, both);
  }

  /** Sets to zero what is not kept, in an array that holds a run of elements. */
  void clear(long from, float[] values, int at, int count) {
    for (int i = 0; i < count; ) {
      long element = from + i;
      int inWord = (int) (element & 63);
      int run = Math.min(64 - inWord, count - i);
      long bits = words[(int) (element >>> 6)] >>> inWord;
      if (bits != -1L >>> inWord) {
        for (int j = 0; j < run; j++) {
          int all = -(int) (bits >>> j & 1); // a bitwise and costs no branch to mispredict
          values[at + i + j] =
              Float.intBitsToFloat(Float.floatToRawIntBits(values[at + i + j]) & all);
        }
      }
      i += run;
    }
  }
}
