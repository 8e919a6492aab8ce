package io.kerf.train.corpus;

/**
 * The numbers below a size in an order that looks random, each looked up alone: no memory grows
 * with the size, and every machine has the same order.
 *
 * <p>A Feistel network permutes the numbers of an even count of bits; one that comes out too large
 * is sent through again, until it is below the size (cycle walking), after fewer than four rounds
 * on average.
 */
final class Permutation {
  private static final int ROUNDS = 8;

  private final long size;
  private final int halfBits;
  private final long[] keys = new long[ROUNDS];

  /**
   * @param size at least 1
   * @param seed of the corpus
   * @param number which of the seed's orders
   */
  Permutation(long size, long seed, long number) {
    if (size < 1) {
      throw new IllegalArgumentException("an order needs at least one number, had " + size);
    }
    this.size = size;
    this.halfBits = Math.max(1, (65 - Long.numberOfLeadingZeros(size - 1)) / 2);
    long key = Draws.mixed(Draws.mixed(seed) ^ number);
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = key = Draws.mixed(key + round + 1);
    }
  }

  /** What stands at that place. */
  long at(long place) {
    long found = place;
    do {
      found = network(found);
    } while (found >= size);
    return found;
  }

  private long network(long value) {
    long mask = (1L << halfBits) - 1;
    long left = value >>> halfBits;
    long right = value & mask;
    for (long key : keys) {
      long next = left ^ Draws.mixed(right ^ key) & mask;
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
