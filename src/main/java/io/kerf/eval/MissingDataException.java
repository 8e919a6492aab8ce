package io.kerf.eval;

/** A task's data are in none of the places where data are looked for. */
public final class MissingDataException extends IllegalArgumentException {
  public MissingDataException(String message) {
    super(message);
  }
}
