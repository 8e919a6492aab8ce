package io.kerf.source;

/** A model could not be had; the message says what was tried and the way out. */
public final class FetchException extends RuntimeException {
  public FetchException(String message) {
    super(message);
  }

  public FetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
