package io.kerf.json;

import io.kerf.file.BadFileException;

/** A document that is not JSON, or whose field is absent or of the wrong kind. */
public final class JsonException extends BadFileException {
  public JsonException(String message) {
    super(message);
  }
}
