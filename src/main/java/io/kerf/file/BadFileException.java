package io.kerf.file;

/**
 * A file that is damaged, forged or of a kind not understood: the one type to catch, whatever its
 * kind. Its message names file, field, value and the way out.
 */
public abstract class BadFileException extends IllegalArgumentException {
  private static final int HEAD = 1200;
  private static final int TAIL = 400; // keeps the way out, which stands last

  protected BadFileException(String message) {
    this(message, null);
  }

  protected BadFileException(String message, Throwable cause) {
    super(shortened(message), cause);
  }

  /** Names come out of the file: a forged one may be as long as the file itself. */
  private static String shortened(String message) {
    int length = message.length();
    return length <= HEAD + TAIL
        ? message
        : message.substring(0, HEAD) + " ... " + message.substring(length - TAIL);
  }
}
