package io.kerf.report;

/** What became of a fact or a question from one model to another. */
public enum Fate {
  /** Right before, wrong after. */
  LOST("lost"),
  /** Wrong before, right after. */
  GAINED("gained"),
  /** Wrong before and after, at another rank. */
  DISPLACED("displaced"),
  /** Right before and after. */
  KEPT("kept"),
  /** Wrong before and after, at the same rank where there is one. */
  UNKNOWN("still unknown");

  private final String label;

  Fate(String label) {
    this.label = label;
  }

  /** "lost", "still unknown". */
  public String label() {
    return label;
  }

  static Fate of(boolean rightBefore, boolean rightAfter) {
    if (rightBefore) {
      return rightAfter ? KEPT : LOST;
    }
    return rightAfter ? GAINED : UNKNOWN;
  }
}
