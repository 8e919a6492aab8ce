package io.kerf.eval;

/** A scorer that can keep tokens it has read, so that what follows them is computed alone. */
public interface PrefixScorer extends TokenScorer {
  /**
   * Reads tokens once and scores trees that follow them. What is returned may itself be continued,
   * and has to stay open as long as that.
   *
   * @param tokens at least one
   */
  Continued after(Tokens tokens);

  /** Scores what follows kept tokens; closing it gives their memory back. */
  interface Continued extends PrefixScorer, AutoCloseable {
    @Override
    void close();
  }
}
