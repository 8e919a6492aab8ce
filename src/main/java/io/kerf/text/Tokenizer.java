package io.kerf.text;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns text into token ids and back. Safe for use by several threads.
 *
 * <p>Ids are those of the model's own vocabulary; "special" tokens are the ones that a
 * post-processor puts around a text ([CLS], [SEP], a beginning-of-sequence token).
 */
public interface Tokenizer {
  /**
   * The ids of a text.
   *
   * @param addSpecialTokens whether the model's special tokens are put around it
   */
  int[] encode(String text, boolean addSpecialTokens);

  /** The ids of a pair of texts with the special tokens around them, and each one's segment. */
  Pair encodePair(String first, String second);

  /** The tokens of {@link #encode} with where each stands in the text. */
  Pieces pieces(String text, boolean addSpecialTokens);

  /** The text of these ids. */
  String decode(int[] ids, boolean skipSpecialTokens);

  /** The token of an id, as the vocabulary spells it. */
  String token(int id);

  /** The id of a token as the vocabulary spells it, or nothing. */
  OptionalInt id(String token);

  /** How many ids there are, added tokens included. */
  int vocabularySize();

  /** The mask token's id of a masked language model. */
  OptionalInt maskId();

  /** The unknown token's id. */
  OptionalInt unknownId();

  /** The beginning-of-sequence token's id, as the model's files name it. */
  OptionalInt bosId();

  /** The end-of-sequence token's id, as the model's files name it. */
  OptionalInt eosId();

  /** The padding token's id. */
  OptionalInt padId();

  /**
   * The ids of tokens that are no part of any text: those named above, and what else its files mark
   * as special.
   */
  default Set<Integer> specialIds() {
    return Stream.of(maskId(), unknownId(), bosId(), eosId(), padId())
        .flatMap(id -> id.stream().boxed())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** SHA-256 of what defines this tokenizer, hexadecimal. */
  String sha256();

  /**
   * The files that define this tokenizer in a Hugging Face folder, by name: {@code tokenizer.json}
   * and, where there are any, {@code tokenizer_config.json} and {@code special_tokens_map.json}.
   *
   * @throws UnsupportedOperationException if it cannot be written
   */
  default Map<String, String> files() {
    throw new UnsupportedOperationException(
        "a " + getClass().getSimpleName() + " has no tokenizer.json and cannot be saved");
  }

  /** Two texts as one sequence. */
  record Pair(int[] ids, int[] segments) {}

  /**
   * Tokens and their places.
   *
   * @param starts first character of each token, in Unicode code points of the text
   * @param ends one past its last character
   */
  record Pieces(int[] ids, java.util.List<String> tokens, int[] starts, int[] ends) {}
}
