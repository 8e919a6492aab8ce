package io.kerf.train.corpus;

import io.kerf.text.Tokenizer;
import java.util.Arrays;

/**
 * A part of a document that is tokenised at once.
 *
 * @param begins whether the document begins with it
 * @param context what stands before it, as far as its tokens may depend on it
 */
record Piece(boolean begins, String context, String text) {
  /** Its tokens; the context's, with which they begin, are to be left out. */
  record Ids(int[] ids, int from) {}

  Ids ids(Tokenizer tokenizer) {
    if (!context.isEmpty()) {
      int[] before = tokenizer.encode(context, false);
      int[] all = tokenizer.encode(context + text, false);
      if (startsWith(all, before)) {
        return new Ids(all, before.length);
      }
    }
    return new Ids(tokenizer.encode(text, false), 0);
  }

  static boolean startsWith(int[] ids, int[] first) {
    return first.length <= ids.length
        && Arrays.equals(ids, 0, first.length, first, 0, first.length);
  }
}
