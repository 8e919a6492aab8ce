package io.kerf.train;

/** Whoever wants to see models being trained. */
@FunctionalInterface
public interface TrainingListener {
  /** Sees nothing. */
  TrainingListener NONE = (label, steps, tokens) -> step -> {};

  /**
   * A training begins, or goes on where it was.
   *
   * @param label what is trained, short
   * @param steps how many in all, those of before an interruption among them; 0 where unknown
   * @param tokens how many in all, likewise
   */
  TrainingWatch start(String label, int steps, long tokens);
}
