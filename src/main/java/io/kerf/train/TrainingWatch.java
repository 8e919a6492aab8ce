package io.kerf.train;

/**
 * A training under way: told of every step as it is done, closed when it ends.
 *
 * <pre>{@code
 * try (TrainingWatch watch = listener.start("max-gap 4", steps, tokens)) {
 *   for (...) { ...; watch.step(new TrainingStep(...)); }
 * }
 * }</pre>
 *
 * <p>A training that goes on after an interruption tells first of the steps that were done before.
 */
public interface TrainingWatch extends AutoCloseable {
  /** One more step is done. Cheap, but for a picture now and then. */
  void step(TrainingStep step);

  /** The training has ended, whole or not: what was shown stays as it is. */
  @Override
  default void close() {}
}
