package io.kerf.eval.lama;

import io.kerf.eval.Tokens;
import io.kerf.text.Tokenizer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Words as a model's vocabulary has them inside a sentence: with the space before them, where the
 * vocabulary tells words that begin from pieces that go on by it (GPT-2's "ĠParis").
 */
final class Words {
  private static final String BEGINS = "▁"; // SentencePiece puts it before a text by itself

  private final Tokenizer tokenizer;
  private final String space;
  private final Map<String, Tokens> known = new HashMap<>();

  Words(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    int[] letter = tokenizer.encode("a", false);
    boolean bySelf = letter.length > 0 && tokenizer.token(letter[0]).startsWith(BEGINS);
    this.space = bySelf ? "" : " ";
  }

  /** A token as the vocabulary spells it; "#437" for a row that models have beyond it. */
  String spell(int id) {
    return id < tokenizer.vocabularySize() ? tokenizer.token(id) : "#" + id;
  }

  /** The word as it is encoded: with a space before it, or without. */
  String spaced(String word) {
    return space + word;
  }

  /** The word's tokens. */
  Tokens tokens(String word) {
    return known.computeIfAbsent(word, w -> Tokens.of(tokenizer.encode(spaced(w), false)));
  }

  /** Whether the vocabulary can spell the word. */
  boolean spells(String word) {
    Tokens tokens = tokens(word);
    OptionalInt unknown = tokenizer.unknownId();
    return !tokens.isEmpty() && (unknown.isEmpty() || !tokens.contains(unknown.getAsInt()));
  }

  /** The token of a word that is one token and known. */
  OptionalInt single(String word) {
    return tokens(word).size() == 1 && spells(word)
        ? OptionalInt.of(tokens(word).at(0))
        : OptionalInt.empty();
  }
}
