package io.kerf.progress;

/**
 * A piece of long work under way: told how much is done, closed when it ends.
 *
 * <pre>{@code
 * try (Progress progress = listener.start("LAMA squad", requests.size(), "requests")) {
 *   for (...) { ...; progress.advance(batch); }
 * }
 * }</pre>
 */
public interface Progress extends AutoCloseable {
  /**
   * Tells that so many more units are done. Cheap: it may be called thousands of times a second.
   *
   * @param units how many, at least 0
   */
  void advance(long units);

  /** Replaces the short text beside the bar, for instance the file or variant at hand. */
  default void note(String text) {}

  /** The work has ended, whole or not: what was shown stays as it is. */
  @Override
  default void close() {}
}
