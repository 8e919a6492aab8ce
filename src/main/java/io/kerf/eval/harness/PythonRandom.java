package io.kerf.eval.harness;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The numbers that Python's {@code random.Random(seed)} gives: the Mersenne Twister MT19937
 * (Matsumoto and Nishimura, 1998) and, on it, {@code sample}.
 */
final class PythonRandom {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int next = N;

  /**
   * @param seed not negative
   */
  PythonRandom(long seed) {
    if (seed < 0) {
      throw new IllegalArgumentException("a seed must not be negative, was " + seed);
    }
    int[] key =
        seed >>> 32 == 0 ? new int[] {(int) seed} : new int[] {(int) seed, (int) (seed >>> 32)};
    seedBy(19650218);
    int i = 1;
    int j = 0;
    for (int k = Math.max(N, key.length); k > 0; k--) {
      state[i] = (state[i] ^ mixed(state[i - 1]) * 1664525) + key[j] + j;
      i = following(i);
      j = (j + 1) % key.length;
    }
    for (int k = N - 1; k > 0; k--) {
      state[i] = (state[i] ^ mixed(state[i - 1]) * 1566083941) - i;
      i = following(i);
    }
    state[0] = 0x80000000;
  }

  private void seedBy(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * mixed(state[i - 1]) + i;
    }
  }

  private static int mixed(int word) {
    return word ^ (word >>> 30);
  }

  private int following(int i) {
    if (i + 1 < N) {
      return i + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  /** The next 32 bits. */
  int bits32() {
    if (next == N) {
      for (int i = 0; i < N; i++) {
        int y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
        state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
      }
      next = 0;
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  /** A number in [0, bound), as {@code _randbelow}: draws until one is small enough. */
  int below(int bound) {
    int bits = 32 - Integer.numberOfLeadingZeros(bound);
    int drawn;
    do {
      drawn = bits32() >>> (32 - bits);
    } while (drawn >= bound);
    return drawn;
  }

  /** So many different places in [0, population), in the order in which they are drawn. */
  List<Integer> sample(int population, int count) {
    if (count < 0 || count > population) {
      throw new IllegalArgumentException(
          "cannot draw " + count + " of " + population + " without repeating one");
    }
    List<Integer> drawn = new ArrayList<>(count);
    double setSize = 21; // Python's guess of what a small set takes
    if (count > 5) {
      setSize += Math.pow(4, Math.ceil(Math.log(count * 3.0) / Math.log(4)));
    }
    if (population <= setSize) {
      int[] pool = new int[population];
      for (int i = 0; i < population; i++) {
        pool[i] = i;
      }
      for (int i = 0; i < count; i++) {
        int place = below(population - i);
        drawn.add(pool[place]);
        pool[place] = pool[population - i - 1];
      }
      return drawn;
    }
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int place = below(population);
      while (!taken.add(place)) {
        place = below(population);
      }
      drawn.add(place);
    }
    return drawn;
  }
}
