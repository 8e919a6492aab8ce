package io.kerf.train.corpus;

import io.kerf.file.BadFileException;

/** A file or folder that no text can be read of, or too little to learn from. */
public final class CorpusException extends BadFileException {
  CorpusException(String message) {
    super(message);
  }
}
