package io.kerf.engine;

/**
 * How what a page computes with comes from what learns, where it is not the same array. Runs in
 * native memory.
 */
interface Form {
  /**
   * After a step, and before the first: makes what the page computes with of what has been learned.
   *
   * @param steps that were made so far
   */
  void renew(long steps);

  /**
   * Before a step: the gradients of what learns from those of what the page computed with.
   *
   * @param steps that were made so far
   */
  default void pull(long steps) {}
}
