package io.kerf.text;

import java.util.Arrays;

/**
 * The special tokens' ids that a tokenizer puts around a single text.
 *
 * @param before as BERT's [CLS]; may be none
 * @param after as BERT's [SEP]; may be none
 */
public record Framing(int[] before, int[] after) {
  /** That tokenizer's. */
  public static Framing of(Tokenizer tokenizer) {
    int[] bare = tokenizer.encode("a", false);
    int[] framed = tokenizer.encode("a", true);
    int at = 0;
    while (!Arrays.equals(framed, at, at + bare.length, bare, 0, bare.length)) {
      at++;
    }
    return new Framing(
        Arrays.copyOf(framed, at), Arrays.copyOfRange(framed, at + bare.length, framed.length));
  }

  /** How many they are. */
  public int size() {
    return before.length + after.length;
  }
}
