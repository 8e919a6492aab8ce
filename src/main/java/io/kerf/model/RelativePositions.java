package io.kerf.model;

/**
 * Positions as distances (T5, arXiv 1910.10683): a query and a key so many tokens apart share a
 * learned number for each head with all pairs of their bucket.
 *
 * @param buckets how many; an encoder has half of them for each direction
 * @param maxDistance from which on all are in the last bucket
 */
public record RelativePositions(int buckets, int maxDistance) {
  public RelativePositions {
    if (buckets < 4) {
      throw new IllegalArgumentException(
          "relative_attention_num_buckets must be at least 4, was " + buckets);
    }
    if (maxDistance <= buckets / 2) {
      throw new IllegalArgumentException(
          "relative_attention_max_distance must be more than half of the "
              + buckets
              + " buckets, was "
              + maxDistance);
    }
  }

  /**
   * The bucket of a pair: near distances have one each, far ones share them by their logarithm.
   *
   * @param distance the key's position minus the query's
   * @param bothWays whether keys behind the query are told from those before it, as in an encoder;
   *     else they all are as near as the query itself
   */
  public int bucket(int distance, boolean bothWays) {
    int ways = bothWays ? buckets / 2 : buckets;
    int first = bothWays && distance > 0 ? ways : 0;
    int far = bothWays ? Math.abs(distance) : Math.max(0, -distance);
    int exact = ways / 2;
    if (far < exact) {
      return first + far;
    }
    // In float32, as torch computes it: what falls on a bucket's edge must fall on the same side.
    float share = (float) Math.log((float) far / exact);
    share /= (float) Math.log((double) maxDistance / exact);
    return first + Math.min(ways - 1, exact + (int) (share * (ways - exact)));
  }
}
