package io.kerf.engine;

/**
 * How the next token is drawn: probabilities by temperature, then the k likeliest tokens alone,
 * then the fewest of these whose mass is at least p, as transformers has it. Numbers that decide
 * come from the seed, a sequence's number and a place in it, so that a text does not depend on what
 * else is drawn, nor on the machine beyond the rounding of logits.
 *
 * @param temperature logits are divided by it; 0 takes the likeliest token
 * @param topK how many of the likeliest are left, and those as likely as the last of them; 0 for
 *     all
 * @param topP mass that the tokens left have at least, in (0, 1]; 1 for all
 */
public record TokenSampling(double temperature, int topK, double topP, long seed) {
  private static final long STEP = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio

  public TokenSampling {
    if (!(temperature >= 0 && Double.isFinite(temperature))) {
      throw new IllegalArgumentException(
          "temperature must be 0 (the likeliest token) or more, was " + temperature);
    }
    if (topK < 0) {
      throw new IllegalArgumentException(
          "topK must be at least 1, or 0 for all tokens, was " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException(
          "topP must be in (0, 1], was "
              + topP
              + (topP > 1 && topP <= 100 ? "; for a percentage write " + topP / 100 : ""));
    }
  }

  /** Draws from all tokens, seed 0. */
  public static TokenSampling temperature(double temperature) {
    return new TokenSampling(temperature, 0, 1, 0);
  }

  /** The same among the k likeliest tokens. */
  public TokenSampling topK(int k) {
    return new TokenSampling(temperature, k, topP, seed);
  }

  /** The same among the fewest tokens that have that mass. */
  public TokenSampling topP(double mass) {
    return new TokenSampling(temperature, topK, mass, seed);
  }

  /** The same by other random numbers. */
  public TokenSampling seed(long other) {
    return new TokenSampling(temperature, topK, topP, other);
  }

  /** "temperature 0.8, top-k 50, top-p 0.95, seed 1". */
  public String label() {
    if (temperature == 0) {
      return "the likeliest tokens";
    }
    return "temperature "
        + temperature
        + (topK > 0 ? ", top-k " + topK : "")
        + (topP < 1 ? ", top-p " + topP : "")
        + ", seed "
        + seed;
  }

  /** The number in [0, 1) that decides at a place of a sequence: a hash of the three. */
  double number(long sequence, long place) {
    long mixed = mix(mix(mix(seed + STEP) + STEP * (sequence + 1)) + STEP * (place + 1));
    return (mixed >>> 12) * 0x1p-52; // below 1 by enough that a mass times it is below the mass
  }

  /** SplitMix64's finaliser (Steele, Lea and Flood, 2014). */
  private static long mix(long z) {
    long once = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    long twice = (once ^ once >>> 27) * 0x94D049BB133111EBL;
    return twice ^ twice >>> 31;
  }
}
