package io.kerf.json;

/** A document that is not JSON, or whose field is absent or of the wrong kind. */
public final class JsonException extends IllegalArgumentException {
  public JsonException(String message) {
    super(message);
  }
}
