package io.kerf.eval;

/**
 * Whether two models that were asked the same differ in how many answers are right, judged by those
 * that only one of them has right (McNemar 1947): if a cut changed nothing but luck, each is lost
 * or gained with chance one half.
 */
public final class McNemar {
  private McNemar() {}

  /**
   * The exact two-sided p: twice the smaller tail of Binomial(lost + gained, 1/2), 1 at most; 1
   * where nothing changed.
   */
  public static double exact(long lost, long gained) {
    return Math.min(1, 2 * changes(lost, gained).atMost(Math.min(lost, gained)));
  }

  /**
   * The mid-p, which counts what was observed by half: less cautious than {@link #exact}, and close
   * to the level that it states (Fagerland et al. 2013).
   */
  public static double midP(long lost, long gained) {
    Binomial changes = changes(lost, gained);
    long fewer = Math.min(lost, gained);
    return Math.min(1, 2 * changes.atMost(fewer) - changes.probability(fewer));
  }

  private static Binomial changes(long lost, long gained) {
    if (lost < 0 || gained < 0) {
      throw new IllegalArgumentException(
          "what was lost and gained must be counts of 0 or more, were " + lost + " and " + gained);
    }
    return new Binomial(Math.addExact(lost, gained), 0.5);
  }
}
