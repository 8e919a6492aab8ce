package io.kerf.engine;

/**
 * How what a page computes with comes from what learns, where it is not the same array. Runs in
 * native memory.
 */
interface Form {
  /** After a step: makes what the page computes with of what has been learned. */
  void renew();

  /** Before a step: the gradients of what learns from those of what the page computed with. */
  default void pull() {}
}
