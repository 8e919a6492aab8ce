package io.kerf.eval.divergence;

import io.kerf.eval.Frame;
import io.kerf.eval.Tokens;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Cuts a text into the passages that a model of its kind reads: disjoint windows of its tokens.
 *
 * <p>A causal model predicts after every token. Of a masked model 15 % of a window's tokens are
 * hidden behind masks (BERT was taught on that share, arXiv 1810.04805, but saw a tenth of them
 * replaced and a tenth left), between the special tokens that it expects. Of an encoder-decoder 15
 * % are hidden in spans of three on average, as T5 was taught (arXiv 1910.10683): the encoder reads
 * sentinels in their place, the decoder writes the sentinels and what they stand for.
 */
public final class Passages {
  /** The share of tokens that is hidden. */
  public static final double HIDDEN = 0.15;

  private static final int LEAST = 8; // below, 15 % is a token or none
  private static final double SPAN = 3; // tokens, on average

  private final Model model;
  private final Tokenizer tokenizer;
  private final long seed;

  private Passages(Model model, long seed) {
    this.model = model;
    this.tokenizer = model.tokenizer();
    this.seed = seed;
  }

  /** For such a model; the seed says what is hidden. */
  public static Passages of(Model model, long seed) {
    return new Passages(model, seed);
  }

  /** How positions are chosen for that kind of model, in a line. */
  public static String described(Family.Kind kind, long seed) {
    return switch (kind) {
      case CAUSAL -> "after every token";
      case MASKED -> "at 15 % of the tokens, masked by seed " + seed;
      case ENCODER_DECODER ->
          "at what the decoder writes for 15 % of the tokens, hidden in spans by seed " + seed;
    };
  }

  /**
   * The first windows of a text.
   *
   * @param name of the text, for errors
   * @param windowTokens tokens in a window, special ones included
   * @param windows how many; fewer where the text ends
   */
  public List<Passage> of(String name, String text, int windowTokens, int windows) {
    if (windowTokens < LEAST) {
      throw new IllegalArgumentException(
          "a window needs at least " + LEAST + " tokens, was " + windowTokens);
    }
    if (windows < 1) {
      throw new IllegalArgumentException("there must be at least 1 window, was " + windows);
    }
    Family.Kind kind = model.config().family().kind();
    if (kind != Family.Kind.ENCODER_DECODER && windowTokens > model.config().maxPositions()) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " reads "
              + model.config().maxPositions()
              + " tokens at once, a window was "
              + windowTokens);
    }
    Tokens all = Tokens.of(tokenizer.encode(text, false));
    Frame frame = kind == Family.Kind.MASKED ? Frame.of(tokenizer) : Frame.NONE;
    int size = windowTokens - frame.size();
    if (all.size() < size) {
      throw new IllegalArgumentException(
          name + " has " + all.size() + " tokens, fewer than a window of " + windowTokens);
    }
    List<Passage> passages = new ArrayList<>();
    for (int w = 0; w < windows && (w + 1) * size <= all.size(); w++) {
      Tokens window = all.slice(w * size, (w + 1) * size);
      Random random = new Random(seed * 1_000_003 + w);
      passages.add(
          switch (kind) {
            case CAUSAL -> new Passage.Causal(window);
            case MASKED -> masked(window, frame, random);
            case ENCODER_DECODER -> spans(window, random);
          });
    }
    return passages;
  }

  private Passage masked(Tokens window, Frame frame, Random random) {
    int mask = model.maskId();
    int[] places = drawn(window.size(), hidden(window.size()), random);
    int[] ids = window.toArray();
    int[] truth = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      truth[i] = ids[places[i]];
      ids[places[i]] = mask;
      places[i] += frame.before().size();
    }
    return new Passage.Masked(frame.around(Tokens.of(ids)), Tokens.of(places), Tokens.of(truth));
  }

  private static int hidden(int tokens) {
    return (int) Math.max(1, Math.round(HIDDEN * tokens));
  }

  private Passage spans(Tokens window, Random random) {
    int hidden = hidden(window.size());
    int spans = (int) Math.max(1, Math.round(hidden / SPAN));
    int[] hiddenLengths = lengths(hidden, spans, random);
    int[] shownLengths = lengths(window.size() - hidden, spans, random);
    Tokens context = Tokens.NONE;
    Tokens written = Tokens.NONE;
    int at = 0;
    for (int s = 0; s < spans; s++) {
      Tokens sentinel = Tokens.of(sentinel(s));
      int from = at + shownLengths[s];
      int to = from + hiddenLengths[s];
      context = context.then(window.slice(at, from)).then(sentinel);
      written = written.then(sentinel).then(window.slice(from, to));
      at = to;
    }
    Tokens end = Tokens.of(tokenizer.eosId().orElse(model.config().special().eos()));
    return new Passage.Spans(context.then(end), written.then(Tokens.of(sentinel(spans))).then(end));
  }

  private int sentinel(int index) {
    String token = "<extra_id_" + index + ">";
    return tokenizer
        .id(token)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    model.lineage().name()
                        + ": its vocabulary has no "
                        + token
                        + " for the spans that are hidden; take shorter windows, or another model"
                        + " if it has none at all"));
  }

  /** Random lengths, each at least 1, that sum to the total: every such list is as likely. */
  private static int[] lengths(int total, int parts, Random random) {
    int[] cuts = drawn(total - 1, parts - 1, random);
    int[] lengths = new int[parts];
    int before = 0;
    for (int p = 0; p < parts; p++) {
      int cut = p < cuts.length ? cuts[p] + 1 : total;
      lengths[p] = cut - before;
      before = cut;
    }
    return lengths;
  }

  /** So many of the numbers below n, ascending. */
  private static int[] drawn(int n, int count, Random random) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    Collections.shuffle(all, random);
    int[] some = all.stream().limit(count).mapToInt(Integer::intValue).toArray();
    Arrays.sort(some);
    return some;
  }
}
