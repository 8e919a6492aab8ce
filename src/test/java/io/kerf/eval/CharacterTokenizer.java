package io.kerf.eval;

import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A token for each character of Latin-1, its code plus 4; 1 begins a sequence if asked to, 3 is
 * "[MASK]". A space belongs to the letter after it (code plus 260), as in real vocabularies.
 */
public final class CharacterTokenizer implements Tokenizer {
  public static final int BOS = 1;
  static final int MASK = 3;
  static final int VOCABULARY = 516;

  private final boolean begins;

  public CharacterTokenizer(boolean begins) {
    this.begins = begins;
  }

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    List<Integer> ids = new ArrayList<>();
    if (begins && addSpecialTokens) {
      ids.add(BOS);
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("[MASK]", i)) {
        ids.add(MASK);
        i += "[MASK]".length() - 1;
      } else if (text.charAt(i) == ' ' && i + 1 < text.length() && text.charAt(i + 1) != ' ') {
        ids.add(260 + text.charAt(++i));
      } else {
        ids.add(4 + text.charAt(i));
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Pair encodePair(String first, String second) {
    int[] a = encode(first, false);
    int[] b = encode(second, false);
    int[] ids = IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    return new Pair(ids, IntStream.range(0, ids.length).map(i -> i < a.length ? 0 : 1).toArray());
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
    return id == MASK ? "[MASK]" : id < 4 ? "<" + id + ">" : String.valueOf((char) (id - 4));
  }

  @Override
  public OptionalInt id(String token) {
    return token.length() == 1 ? OptionalInt.of(token.charAt(0) + 4) : OptionalInt.empty();
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public OptionalInt maskId() {
    return OptionalInt.of(MASK);
  }

  @Override
  public OptionalInt unknownId() {
    return OptionalInt.of(0);
  }

  @Override
  public OptionalInt bosId() {
    return OptionalInt.of(BOS);
  }

  @Override
  public OptionalInt eosId() {
    return OptionalInt.of(2);
  }

  @Override
  public OptionalInt padId() {
    return OptionalInt.empty();
  }

  @Override
  public String sha256() {
    return "0";
  }
}
