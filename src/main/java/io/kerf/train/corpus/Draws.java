package io.kerf.train.corpus;

/**
 * Random numbers that are the same on every machine and Java: SplitMix64, from a seed and a number.
 */
final class Draws {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L; // 2^64 over the golden ratio, odd

  private long state;

  /** The numbers that belong to the n-th thing of that seed. */
  Draws(long seed, long n) {
    this.state = mixed(mixed(seed) + n * GOLDEN);
  }

  /** All of a word's bits changed by all of them: Stafford's thirteenth mixer. */
  static long mixed(long word) {
    long z = (word ^ word >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  private long next() {
    state += GOLDEN;
    return mixed(state);
  }

  /** A number from 0 up to, and without, the bound; each is as likely. */
  int below(int bound) {
    // The highest bits scaled; what would make some numbers likelier is drawn again.
    long threshold = (1L << 32) % bound;
    long product;
    do {
      product = (next() >>> 32) * bound;
    } while ((product & 0xffffffffL) < threshold);
    return (int) (product >>> 32);
  }

  /** A number in [0, 1). */
  double fraction() {
    return (next() >>> 11) * 0x1p-53;
  }

  /**
   * So many different numbers below the bound, each set as likely: marks them.
   *
   * @return whether each number is among them
   */
  boolean[] among(int bound, int count) {
    boolean[] chosen = new boolean[bound];
    for (int last = bound - count; last < bound; last++) { // Floyd's way
      int drawn = below(last + 1);
      chosen[chosen[drawn] ? last : drawn] = true;
    }
    return chosen;
  }
}
