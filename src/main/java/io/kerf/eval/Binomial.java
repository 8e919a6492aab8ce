package io.kerf.eval;

/**
 * How many of a number of independent trials succeed, exact to rounding also for millions of them.
 *
 * <p>Probabilities by Loader's saddle-point form (Fast and Accurate Computation of Binomial
 * Probabilities, 2000), which subtracts no two large numbers; tails are sums of them, smallest
 * relative to the first, so that one of 1e-200 has as many right digits as one of 0.1.
 *
 * @param trials 0 or more
 * @param p the chance of one success, 0..1
 */
record Binomial(long trials, double p) {
  /** What no longer counts beside a sum of doubles. */
  private static final double NOTHING = 1e-18;

  Binomial {
    if (trials < 0 || !(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          "a binomial needs 0 or more trials and a chance in [0, 1], was given "
              + trials
              + " and "
              + p);
    }
  }

  /** The probability of exactly so many successes. */
  double probability(long successes) {
    if (successes < 0 || successes > trials) {
      return 0;
    }
    long failures = trials - successes;
    if (successes == 0) {
      return p == 1 ? (trials == 0 ? 1 : 0) : Math.exp(trials * Math.log1p(-p));
    }
    if (failures == 0) {
      return Math.exp(trials * Math.log(p));
    }
    if (p == 0 || p == 1) {
      return 0;
    }
    double exponent =
        stirlingError(trials)
            - stirlingError(successes)
            - stirlingError(failures)
            - deviance(successes, trials * p)
            - deviance(failures, trials * (1 - p));
    double spread = 2 * Math.PI * successes * ((double) failures / trials);
    return Math.exp(exponent) / Math.sqrt(spread);
  }

  /** The probability of at most so many successes. */
  double atMost(long successes) {
    if (successes < 0 || successes >= trials) {
      return successes < 0 ? 0 : 1;
    }
    if (successes > trials * p) {
      return 1 - new Binomial(trials, 1 - p).atMost(trials - successes - 1);
    }
    double term = probability(successes);
    double sum = term;
    for (long k = successes; k > 0 && term > NOTHING * sum; k--) {
      term *= k * (1 - p) / ((trials - k + 1) * p);
      sum += term;
    }
    return Math.min(1, sum);
  }

  /** A table to draw from, over all counts that are likelier than 1e-18 of the likeliest. */
  Table table() {
    long mode = Math.min(trials, (long) ((trials + 1) * p));
    long low = mode;
    for (double ratio = 1; low > 0 && ratio > NOTHING; low--) {
      ratio *= low * (1 - p) / ((trials - low + 1) * p);
    }
    long high = mode;
    for (double ratio = 1; high < trials && ratio > NOTHING; high++) {
      ratio *= (trials - high) * p / ((high + 1) * (1 - p));
    }
    double[] cumulative = new double[Math.toIntExact(high - low + 1)];
    double probability = probability(low);
    cumulative[0] = probability;
    for (int i = 1; i < cumulative.length; i++) {
      long k = low + i;
      probability *= (trials - k + 1) * p / (k * (1 - p));
      cumulative[i] = cumulative[i - 1] + probability;
    }
    return new Table(low, cumulative);
  }

  /**
   * The distribution function from its first likely count on.
   *
   * @param first the count of the first entry
   * @param cumulative the probability of at most first + i
   */
  record Table(long first, double[] cumulative) {
    /** The count that a uniform number of 0..1 falls on. */
    long at(double uniform) {
      double wanted = uniform * cumulative[cumulative.length - 1];
      int low = 0;
      int high = cumulative.length - 1;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (cumulative[middle] > wanted) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return first + low;
    }
  }

  /** ln n! less Stirling's approximation of it. */
  private static double stirlingError(long n) {
    if (n < 16) {
      double factorial = 1;
      for (long i = 2; i <= n; i++) {
        factorial *= i;
      }
      return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
    }
    double square = (double) n * n;
    double tail = 1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square;
    return (1.0 / 12 - (1.0 / 360 - tail / square) / square) / n;
  }

  /** x ln(x / mean) + mean - x, by its series where the two are close. */
  private static double deviance(double x, double mean) {
    if (Math.abs(x - mean) >= 0.1 * (x + mean)) {
      return x * Math.log(x / mean) + mean - x;
    }
    double v = (x - mean) / (x + mean);
    double sum = (x - mean) * v;
    double power = 2 * x * v;
    for (int odd = 3; ; odd += 2) {
      power *= v * v;
      double next = sum + power / odd;
      if (next == sum) {
        return sum;
      }
      sum = next;
    }
  }
}
