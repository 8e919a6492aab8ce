package io.kerf.train.corpus;

import io.kerf.engine.Example;
import io.kerf.model.Model;
import io.kerf.text.Framing;
import io.kerf.text.Tokenizer;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/** Windows between the tokenizer's special tokens, some tokens of which are to be predicted. */
final class MaskedMaker implements ExampleMaker {
  private final Masking masking;
  private final Framing framing;
  private final int windowTokens;
  private final int mask;
  private final Set<Integer> special;
  private final int[] ordinary; // ids that may be drawn

  private MaskedMaker(
      Masking masking,
      Framing framing,
      int windowTokens,
      int mask,
      Set<Integer> special,
      int[] ordinary) {
    this.masking = masking;
    this.framing = framing;
    this.windowTokens = windowTokens;
    this.mask = mask;
    this.special = special;
    this.ordinary = ordinary;
  }

  /** For a model of that vocabulary and tokenizer. */
  static MaskedMaker of(Masking masking, Model model, int contextTokens) {
    Tokenizer tokenizer = model.tokenizer();
    int vocabulary = model.config().vocabulary();
    int mask =
        tokenizer
            .maskId()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        model.label()
                            + ": its tokenizer has no mask token, so that it cannot learn by"
                            + " masking; load the model with the tokenizer that it was trained"
                            + " with"));
    if (mask >= vocabulary) {
      throw Separators.outside("the tokenizer", mask, vocabulary);
    }
    Set<Integer> special = tokenizer.specialIds();
    int[] ordinary =
        IntStream.range(0, Math.min(vocabulary, tokenizer.vocabularySize()))
            .filter(id -> !special.contains(id))
            .toArray();
    Framing framing = Framing.of(tokenizer);
    Packing.requireContext(framing.size() + 1, contextTokens);
    return new MaskedMaker(
        masking, framing, contextTokens - framing.size(), mask, special, ordinary);
  }

  @Override
  public int windowTokens() {
    return windowTokens;
  }

  @Override
  public Example make(int[] window, Draws draws) {
    int before = framing.before().length;
    int[] ids = Arrays.copyOf(framing.before(), window.length + framing.size());
    System.arraycopy(window, 0, ids, before, window.length);
    System.arraycopy(framing.after(), 0, ids, before + window.length, framing.after().length);
    int[] places =
        IntStream.range(before, before + window.length)
            .filter(i -> !special.contains(ids[i]))
            .toArray();
    if (places.length == 0) {
      throw new CorpusException(
          "a window has nothing to predict: all its "
              + window.length
              + " tokens are special, the first is "
              + window[0]
              + "; does the tokenizer know the language of the text?");
    }
    int count = Math.max(1, (int) Math.rint(masking.share() * places.length));
    boolean[] chosen = draws.among(places.length, count);
    int[] labels = new int[ids.length];
    Arrays.fill(labels, Example.IGNORED);
    for (int i = 0; i < places.length; i++) {
      if (chosen[i]) {
        labels[places[i]] = ids[places[i]];
        ids[places[i]] = shown(ids[places[i]], draws);
      }
    }
    return new Example(ids, labels);
  }

  private int shown(int id, Draws draws) {
    double fate = draws.fraction();
    if (fate < Masking.MASKED) {
      return mask;
    }
    return fate < Masking.MASKED + Masking.REPLACED ? ordinary[draws.below(ordinary.length)] : id;
  }

  @Override
  public String toString() {
    return masking + " " + mask + " " + special.stream().sorted().toList() + " " + ordinary.length;
  }
}
