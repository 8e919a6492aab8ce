package io.kerf.name;

/** A name that nothing has; the message says which ones there are. */
public final class UnknownNameException extends IllegalArgumentException {
  public UnknownNameException(String message) {
    super(message);
  }
}
