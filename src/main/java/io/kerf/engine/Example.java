package io.kerf.engine;

/**
 * What a model learns one thing from.
 *
 * <p>A causal model reads the ids and predicts each label from what stands before it, so that the
 * first label counts for nothing; a masked model predicts the labels where they stand; the decoder
 * of an encoder-decoder predicts them one after another, having read the ids.
 *
 * @param ids what is read, at least one
 * @param labels token ids, or {@link #IGNORED} where nothing is to be learned; as many as ids, but
 *     for an encoder-decoder any number of them
 */
public record Example(int[] ids, int[] labels) {
  /** A label that counts for nothing, as transformers has it. */
  public static final int IGNORED = -100;

  public Example {
    if (ids.length == 0 || labels.length == 0) {
      throw new IllegalArgumentException(
          "an example needs ids and labels, got " + ids.length + " and " + labels.length);
    }
  }

  /** Text that a causal model learns to go on with. */
  public static Example causal(int[] ids) {
    return new Example(ids, ids);
  }
}
