package io.kerf.train.corpus;

import io.kerf.engine.Example;
import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Windows of which spans are replaced by sentinels, so long that T tokens are read of each. */
final class SpanMaker implements ExampleMaker {
  private final SpanCorruption corruption;
  private final int windowTokens;
  private final int[] sentinels;
  private final int[] end;

  private SpanMaker(SpanCorruption corruption, int windowTokens, int[] sentinels, int[] end) {
    this.corruption = corruption;
    this.windowTokens = windowTokens;
    this.sentinels = sentinels;
    this.end = end;
  }

  /** For a model of that vocabulary and tokenizer. */
  static SpanMaker of(SpanCorruption corruption, Model model, int contextTokens) {
    int[] end = Separators.ending(model);
    Packing.requireContext(2 + end.length, contextTokens);
    int window = 2;
    while (read(corruption, window + 1) + end.length <= contextTokens) {
      window++;
    }
    int needed = corruption.spans(window) + 1; // the last one ends what is written
    int[] sentinels = sentinels(model, needed);
    if (sentinels.length < needed) {
      throw new IllegalArgumentException(
          "%s: its tokenizer has %d sentinels (<extra_id_0> and so on), examples of %d tokens need %d: %s"
              .formatted(
                  model.label(),
                  sentinels.length,
                  contextTokens,
                  needed,
                  sentinels.length == 0
                      ? "it cannot learn by span corruption; load the model with the tokenizer that it was trained with"
                      : "use a shorter context or longer spans"));
    }
    return new SpanMaker(corruption, window, sentinels, end);
  }

  /** How many tokens are read of a window, without the end. */
  private static int read(SpanCorruption corruption, int window) {
    return window - corruption.noise(window) + corruption.spans(window);
  }

  private static int[] sentinels(Model model, int most) {
    Tokenizer tokenizer = model.tokenizer();
    int vocabulary = model.config().vocabulary();
    int[] found =
        IntStream.range(0, most)
            .mapToObj(i -> tokenizer.id("<extra_id_" + i + ">"))
            .takeWhile(OptionalInt::isPresent)
            .mapToInt(OptionalInt::getAsInt)
            .toArray();
    for (int id : found) {
      if (id >= vocabulary) {
        throw Separators.outside("the tokenizer", id, vocabulary);
      }
    }
    return found;
  }

  @Override
  public int windowTokens() {
    return windowTokens;
  }

  @Override
  public Example make(int[] window, Draws draws) {
    int noise = corruption.noise(window.length);
    int spans = corruption.spans(window.length);
    int[] hidden = lengths(noise, spans, draws);
    int[] shown = lengths(window.length - noise, spans, draws);
    int[] ids = new int[window.length - noise + spans + end.length];
    int[] labels = new int[noise + spans + 1 + end.length];
    int read = 0;
    int written = 0;
    int at = 0;
    for (int s = 0; s < spans; s++) {
      System.arraycopy(window, at, ids, read, shown[s]);
      at += shown[s];
      read += shown[s];
      ids[read++] = sentinels[s];
      labels[written++] = sentinels[s];
      System.arraycopy(window, at, labels, written, hidden[s]);
      at += hidden[s];
      written += hidden[s];
    }
    labels[written++] = sentinels[spans];
    System.arraycopy(end, 0, ids, read, end.length);
    System.arraycopy(end, 0, labels, written, end.length);
    return new Example(ids, labels);
  }

  /** Lengths of at least 1 that sum to the total: every such list is as likely. */
  static int[] lengths(int total, int parts, Draws draws) {
    boolean[] cut = draws.among(total - 1, parts - 1);
    int[] lengths = new int[parts];
    int part = 0;
    for (int i = 0; i < total; i++) {
      lengths[part]++;
      part += i < total - 1 && cut[i] ? 1 : 0;
    }
    return lengths;
  }

  @Override
  public String toString() {
    return corruption + " " + Arrays.toString(sentinels) + " " + Arrays.toString(end);
  }
}
