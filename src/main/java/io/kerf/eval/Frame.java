package io.kerf.eval;

import io.kerf.text.Framing;
import io.kerf.text.Tokenizer;

/**
 * The special tokens that a tokenizer puts around a single text.
 *
 * @param before as BERT's [CLS]; may be none
 * @param after as BERT's [SEP]; may be none
 */
public record Frame(Tokens before, Tokens after) {
  /** No tokens on either side. */
  public static final Frame NONE = new Frame(Tokens.NONE, Tokens.NONE);

  /** That tokenizer's. */
  public static Frame of(Tokenizer tokenizer) {
    Framing framing = Framing.of(tokenizer);
    return new Frame(Tokens.of(framing.before()), Tokens.of(framing.after()));
  }

  /** How many they are. */
  public int size() {
    return before.size() + after.size();
  }

  /** A text's tokens between them. */
  public Tokens around(Tokens text) {
    return before.then(text).then(after);
  }
}
