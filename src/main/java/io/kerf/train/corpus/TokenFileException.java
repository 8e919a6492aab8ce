package io.kerf.train.corpus;

import io.kerf.file.BadFileException;

/** A file of tokens that is damaged, forged or of another version. */
public final class TokenFileException extends BadFileException {
  TokenFileException(String message) {
    super(message);
  }
}
