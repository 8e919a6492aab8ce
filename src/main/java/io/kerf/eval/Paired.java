package io.kerf.eval;

/**
 * How two models did on the same items, each answer right or wrong.
 *
 * @param kept right before and after
 * @param lost right before only
 * @param gained right after only
 * @param missed wrong before and after
 */
public record Paired(long kept, long lost, long gained, long missed) {
  /** No items. */
  public static final Paired NONE = new Paired(0, 0, 0, 0);

  public Paired {
    if (Math.min(Math.min(kept, lost), Math.min(gained, missed)) < 0) {
      throw new IllegalArgumentException(
          "counts must be 0 or more, were %d kept, %d lost, %d gained, %d missed"
              .formatted(kept, lost, gained, missed));
    }
  }

  /** With one more item. */
  public Paired plus(boolean rightBefore, boolean rightAfter) {
    return new Paired(
        kept + (rightBefore && rightAfter ? 1 : 0),
        lost + (rightBefore && !rightAfter ? 1 : 0),
        gained + (!rightBefore && rightAfter ? 1 : 0),
        missed + (!rightBefore && !rightAfter ? 1 : 0));
  }

  /** With the items of another too. */
  public Paired plus(Paired other) {
    return new Paired(
        kept + other.kept, lost + other.lost, gained + other.gained, missed + other.missed);
  }

  /** All items. */
  public long items() {
    return kept + lost + gained + missed;
  }

  /** The share that was right before; NaN without items. */
  public double before() {
    return (double) (kept + lost) / items();
  }

  /** The share that is right after; NaN without items. */
  public double after() {
    return (double) (kept + gained) / items();
  }

  /** After less before: below 0 where the cut cost something. */
  public double difference() {
    return (double) (gained - lost) / items();
  }

  /** The share whose answer became right or wrong, also where the sum stayed; NaN without items. */
  public double flipRate() {
    return (double) (lost + gained) / items();
  }

  /** {@link McNemar#exact}. */
  public double mcNemar() {
    return McNemar.exact(lost, gained);
  }

  /** {@link McNemar#midP}. */
  public double mcNemarMidP() {
    return McNemar.midP(lost, gained);
  }
}
