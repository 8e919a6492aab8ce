package io.kerf.eval.divergence;

/**
 * A distribution over the vocabulary, from logits; sums are in double precision.
 *
 * <p>Natural logarithms: entropies and divergences are in nats.
 */
final class Distribution {
  private final float[] logits; // (V)
  private final double logSum;
  private final int likeliest;

  private Distribution(float[] logits, double logSum, int likeliest) {
    this.logits = logits;
    this.logSum = logSum;
    this.likeliest = likeliest;
  }

  static Distribution of(float... logits) {
    int likeliest = 0;
    for (int v = 1; v < logits.length; v++) {
      if (logits[v] > logits[likeliest]) {
        likeliest = v;
      }
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - logits[likeliest]); // at most 1 each, so that none overflows
    }
    return new Distribution(logits, logits[likeliest] + Math.log(sum), likeliest);
  }

  /** The token of highest probability, the first of equals. */
  int likeliest() {
    return likeliest;
  }

  double logProbability(int token) {
    return logits[token] - logSum;
  }

  /** The probability of every token (V). */
  double[] probabilities() {
    double[] probabilities = new double[logits.length];
    for (int v = 0; v < probabilities.length; v++) {
      probabilities[v] = Math.exp(logits[v] - logSum);
    }
    return probabilities;
  }

  /** -sum p log p; what has no probability adds nothing. */
  double entropy(double[] probabilities) {
    double sum = 0;
    for (int v = 0; v < probabilities.length; v++) {
      if (probabilities[v] > 0) {
        sum -= probabilities[v] * logProbability(v);
      }
    }
    return sum;
  }

  /**
   * KL(this || other) = sum p (log p - log q), at least 0; infinite where the other rules out what
   * this one holds possible.
   *
   * @param probabilities this one's
   */
  double divergenceTo(Distribution other, double[] probabilities) {
    double sum = 0;
    for (int v = 0; v < probabilities.length; v++) {
      if (probabilities[v] > 0) {
        sum += probabilities[v] * (logProbability(v) - other.logProbability(v));
      }
    }
    return Math.max(0, sum); // rounding may leave -1e-17; NaN stays NaN
  }
}
