package io.kerf.format;

/** A file of weights that is damaged, forged or of a kind not understood: file, field, value. */
public final class FormatException extends IllegalArgumentException {
  private static final int HEAD = 1200;
  private static final int TAIL = 400; // keeps the way out, which stands last

  public FormatException(String message) {
    super(shortened(message));
  }

  /** Names come out of the file: a forged one may be as long as the file itself. */
  private static String shortened(String message) {
    int length = message.length();
    return length <= HEAD + TAIL
        ? message
        : message.substring(0, HEAD) + " ... " + message.substring(length - TAIL);
  }
}
