package io.kerf.train.corpus;

import io.kerf.text.Tokenizer;
import java.util.OptionalInt;

/** A tokenizer of which no text can be cut: all of a text is one token, its length. */
final class OneToken implements Tokenizer {
  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    return new int[] {text.length()};
  }

  @Override
  public Pair encodePair(String first, String second) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Pieces pieces(String text, boolean addSpecialTokens) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String token(int id) {
    return String.valueOf(id);
  }

  @Override
  public OptionalInt id(String token) {
    return OptionalInt.empty();
  }

  @Override
  public int vocabularySize() {
    return Integer.MAX_VALUE;
  }

  @Override
  public OptionalInt maskId() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt unknownId() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt bosId() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt eosId() {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt padId() {
    return OptionalInt.empty();
  }

  @Override
  public String sha256() {
    return "one";
  }
}
