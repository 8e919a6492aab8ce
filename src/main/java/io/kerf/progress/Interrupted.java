package io.kerf.progress;

/** Long work was stopped by an interrupt (the notebook's stop button); what was done is kept. */
public final class Interrupted extends RuntimeException {
  public Interrupted(String message) {
    super(message);
  }

  /**
   * Throws if this thread was interrupted, and clears the flag. Every long loop calls it.
   *
   * @param work what was going on, for the message
   */
  public static void check(String work) {
    if (Thread.interrupted()) {
      throw new Interrupted(work + " was interrupted");
    }
  }
}
