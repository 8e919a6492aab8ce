package io.kerf.train.corpus;

import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.text.Framing;
import java.util.Arrays;

/**
 * What stands before each document and between two of them.
 *
 * <p>Where a tokenizer names no end of sequence, it is the configuration's; {@link Packing} has the
 * rest.
 */
record Separators(int[] before, int[] between) {
  static final Separators NONE = new Separators(new int[0], new int[0]);

  static Separators of(Model model) {
    boolean causal = model.config().family().kind() == Family.Kind.CAUSAL;
    int[] before = causal ? Framing.of(model.tokenizer()).before() : NONE.before;
    int[] after = ending(model);
    return new Separators(before, Arrays.equals(before, after) ? NONE.between : after);
  }

  /** What ends a text. */
  static int[] ending(Model model) {
    int[] after = Framing.of(model.tokenizer()).after();
    if (after.length > 0) {
      return after;
    }
    int eos = model.tokenizer().eosId().orElse(model.config().special().eos());
    return eos < 0 ? NONE.between : new int[] {eos};
  }

  /** For hashes: ids before, ids between. */
  @Override
  public String toString() {
    return Arrays.toString(before) + Arrays.toString(between);
  }

  /** What is said of a token that the model does not have. */
  static IllegalArgumentException outside(String label, int id, int vocabulary) {
    return new IllegalArgumentException(
        label
            + " has the token "
            + id
            + ", the model a vocabulary of "
            + vocabulary
            + ": the tokenizer is not this model's; load the model with the tokenizer that it was"
            + " trained with");
  }
}
