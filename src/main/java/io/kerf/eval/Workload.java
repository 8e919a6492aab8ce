package io.kerf.eval;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
   * @param answered the requests that it answers; equal ones once
   */
  record Step(long tokens, Runnable work, Supplier<List<Request>> answered) {}
}
