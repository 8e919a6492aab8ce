package io.kerf.compress;

import java.util.Arrays;

/**
 * Finds which weights of a comparison group are the k smallest by magnitude: exact, without
 * sorting.
 *
 * <p>The bits of a non-negative float, read as an integer, are in the float's order. So the k-th
 * smallest is found digit by digit, most significant first, by counting how many candidates have
 * each digit: three passes over the group, in any order. What is below it goes, and of those equal
 * to it the ones met first, which is what a stable ascending sort would remove. NaN counts as
 * largest.
 */
final class SmallestMagnitudes {
  private static final int[] DIGIT_BITS = {11, 10, 10};

  /** How often the whole group must be shown to {@link #count}. */
  static final int PASSES = DIGIT_BITS.length;

  private final long[] histogram = new long[1 << DIGIT_BITS[0]];
  private int pass;
  private int candidates; // the digits known so far
  private int candidateShift = 31;
  private long remaining; // how many candidates go

  /** An integer in the order of the absolute values, never negative. */
  static int magnitude(float value) {
    return Float.floatToRawIntBits(value) & 0x7fffffff;
  }

  /** Begins to look for the k smallest. */
  void start(long k) {
    pass = 0;
    candidates = 0;
    candidateShift = 31;
    remaining = k;
    Arrays.fill(histogram, 0);
  }

  /** Shows a run of the group. */
  void count(float[] values, int from, int to) {
    int shift = candidateShift - DIGIT_BITS[pass];
    int digit = (1 << DIGIT_BITS[pass]) - 1;
    for (int i = from; i < to; i++) {
      int magnitude = magnitude(values[i]);
      if (magnitude >>> candidateShift == candidates) {
        histogram[magnitude >>> shift & digit]++;
      }
    }
  }

  /** The whole group was shown once more. */
  void endPass() {
    int digit = 0;
    while (histogram[digit] < remaining) {
      remaining -= histogram[digit++];
    }
    candidateShift -= DIGIT_BITS[pass];
    candidates = candidates << DIGIT_BITS[pass] | digit;
    Arrays.fill(histogram, 0);
    pass++;
  }

  /** What was found, after the last pass. */
  Cut cut() {
    return remaining == 0 ? new Cut(0, 0) : new Cut(candidates, remaining);
  }

  /** The cut of one run that is a whole group. */
  Cut cut(float[] values, int from, int to, long k) {
    start(k);
    if (k > 0) {
      for (int i = 0; i < PASSES; i++) {
        count(values, from, to);
        endPass();
      }
    }
    return cut();
  }

  /** Walks through a group once, in order, and says what is kept. */
  static final class Cut {
    private final int threshold;
    private long ties; // how many equal to the threshold are still to go

    private Cut(int threshold, long ties) {
      this.threshold = threshold;
      this.ties = ties;
    }

    /** Sets the bit of every weight of the run that is kept, from that bit on. */
    void keep(float[] values, int from, int to, long[] words, long bit) {
      for (int i = from; i < to; ) {
        int inWord = (int) (bit & 63);
        int run = Math.min(64 - inWord, to - i);
        long kept = 0;
        for (int j = 0; j < run; j++) {
          int magnitude = magnitude(values[i + j]);
          // the sign of the difference, which cannot overflow: no branch to mispredict
          kept |= (long) (threshold - magnitude >>> 31) << j;
          if (magnitude == threshold) {
            if (ties > 0) {
              ties--;
            } else {
              kept |= 1L << j;
            }
          }
        }
        words[(int) (bit >>> 6)] |= kept << inWord;
        i += run;
        bit += run;
      }
    }
  }
}
