package io.kerf.eval;

import java.util.List;
import java.util.Optional;

/** The requests of a task as one kind of model computes them: steps, and then answers. */
interface Workload extends AutoCloseable {
  /** What is computed, one after the other. */
  List<Step> steps();

  /** The answer to one of the requests, once the steps it needs are done. */
  Optional<Answer> answer(Request request);

  /** Gives back what its steps keep, if they did not run to their end. */
  @Override
  default void close() {}

  int distinctRequests();

  long unplannedTokens();

  double plannedFlops();

  double unplannedFlops();

  /**
   * One batch.
   *
   * @param tokens how many it computes
   */
  record Step(long tokens, Runnable work) {}
}
