package io.kerf.compress;

import java.math.BigDecimal;

/** The share of weights that a pruning removes. */
final class Sparsity {
  private Sparsity() {}

  /** Returns the value if it is one, in [0, 1). */
  static double check(double sparsity) {
    if (sparsity >= 0 && sparsity < 1) {
      return sparsity;
    }
    String wayOut = "";
    if (sparsity > 1 && sparsity < 100) {
      BigDecimal meant = BigDecimal.valueOf(sparsity).movePointLeft(2).stripTrailingZeros();
      wayOut =
          "; for a percentage write " + meant.setScale(Math.max(2, meant.scale())).toPlainString();
    } else if (sparsity == 1) {
      wayOut = "; 1 would remove every weight";
    }
    throw new IllegalArgumentException("sparsity must be in [0, 1), was " + sparsity + wayOut);
  }

  /** How many of so many weights go: floor(sparsity x n), the product in double. */
  static long removed(double sparsity, long n) {
    return (long) Math.floor(sparsity * n);
  }
}
