package io.kerf.train.corpus;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.Sampler;
import io.kerf.engine.Sampler.AfterEos;
import io.kerf.engine.TokenSampling;
import io.kerf.engine.WeightFormat;
import io.kerf.engine.WrittenRow;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelFingerprint;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Text that a causal model writes itself, for those who have no corpus: what it knows, by its own
 * probabilities (data-free distillation: LLM-QAT, arXiv 2305.17888).
 *
 * <p>A text begins with bos, or with eos where the model has no bos, or as {@link #startingWith}
 * says. Texts are drawn in rows of equal length, many rows side by side; where eos is drawn in a
 * row, another text begins, which sees nothing of those before it. A document is a text without its
 * eos and without what the tokenizer puts before every text: whoever packs documents puts both
 * between them. The same settings give the same text, however many rows are written side by side
 * (up to the rounding of logits).
 */
public final class WrittenText implements TokenDocuments {
  private static final String VERSION =
      "kerf written text 1"; // goes up when text is drawn otherwise
  private static final long LEAST_TOKENS = 2;
  private static final int ROW_TOKENS = 256;
  private static final int MOST_ROWS = 64; // more are hardly faster
  private static final long CACHE_BYTES = 1L << 30; // of keys and values, all rows together

  private final Model model;
  private final Settings settings;
  private final ProgressListener listener;

  /**
   * What is written.
   *
   * @param beginning as the user named it, or null
   * @param rowTokens length of a row
   */
  private record Settings(
      long tokens, TokenSampling sampling, String beginning, int rowTokens, WeightFormat format) {}

  private WrittenText(Model model, Settings settings, ProgressListener listener) {
    this.model = model;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * 40,000 tokens of a model, temperature 1, top-p 0.95, seed 0, in float32: text is written once
   * and kept, so that its distribution should be the model's and no rounding's.
   *
   * @param listener sees the tokens that are written
   * @throws IllegalArgumentException if the model does not write text
   */
  public static WrittenText by(Model model, ProgressListener listener) {
    Objects.requireNonNull(listener, "listener");
    Family family = model.config().family();
    if (family.kind() != Family.Kind.CAUSAL) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " is "
              + family.kind().described()
              + " ("
              + family.modelType()
              + "), which does not write text of its own; give it a corpus");
    }
    int row = ROW_TOKENS;
    if (model.config().learnsPositions()) {
      row = Math.min(row, model.config().maxPositions());
    }
    TokenSampling sampling = TokenSampling.temperature(1).topP(0.95);
    return new WrittenText(
        model, new Settings(40_000, sampling, null, row, WeightFormat.FLOAT32_PACKED), listener);
  }

  /** So many tokens in all, what begins and ends texts among them. */
  public WrittenText tokens(long count) {
    if (count < LEAST_TOKENS) {
      throw new IllegalArgumentException(
          "tokens to write must be at least " + LEAST_TOKENS + ", were " + count);
    }
    return with(count, settings.sampling, settings.beginning, settings.rowTokens, settings.format);
  }

  /** Logits are divided by it; 0 writes the likeliest text again and again. */
  public WrittenText temperature(double temperature) {
    TokenSampling now = settings.sampling;
    return sampling(new TokenSampling(temperature, now.topK(), now.topP(), now.seed()));
  }

  /** Every token is one of the k likeliest. */
  public WrittenText topK(int k) {
    return sampling(settings.sampling.topK(k));
  }

  /** Every token is one of the fewest that have that mass, in (0, 1]. */
  public WrittenText topP(double mass) {
    return sampling(settings.sampling.topP(mass));
  }

  /** Another text by the same probabilities. */
  public WrittenText seed(long seed) {
    return sampling(settings.sampling.seed(seed));
  }

  /** All settings of drawing at once. */
  public WrittenText sampling(TokenSampling sampling) {
    return with(settings.tokens, sampling, settings.beginning, settings.rowTokens, settings.format);
  }

  /** Every text begins so, with what the tokenizer puts before a text before it. */
  public WrittenText startingWith(String text) {
    WrittenText other =
        with(settings.tokens, settings.sampling, text, settings.rowTokens, settings.format);
    other.beginning();
    return other;
  }

  /**
   * Rows of so many tokens, and no text longer than that.
   *
   * @param tokens the context that is trained on is a good length
   */
  public WrittenText rows(int tokens) {
    if (tokens < LEAST_TOKENS) {
      throw new IllegalArgumentException(
          "a row needs at least " + LEAST_TOKENS + " tokens, was to have " + tokens);
    }
    if (model.config().learnsPositions() && tokens > model.config().maxPositions()) {
      throw new IllegalArgumentException(
          "a row was to have "
              + tokens
              + " tokens, "
              + model.lineage().name()
              + " learned "
              + model.config().maxPositions()
              + " positions; write rows of at most so many");
    }
    return with(settings.tokens, settings.sampling, settings.beginning, tokens, settings.format);
  }

  /** Weights held in another format: faster, and the text of a model that is rounded so. */
  public WrittenText in(WeightFormat format) {
    return with(settings.tokens, settings.sampling, settings.beginning, settings.rowTokens, format);
  }

  private WrittenText with(
      long tokens, TokenSampling sampling, String beginning, int rowTokens, WeightFormat format) {
    return new WrittenText(
        model, new Settings(tokens, sampling, beginning, rowTokens, format), listener);
  }

  /** Over the model's values, the settings and how text is drawn; reads all weights once. */
  @Override
  public String sha256() {
    String text =
        String.join(
            "\n",
            VERSION,
            ModelFingerprint.of(model),
            settings.sampling.toString(),
            Arrays.toString(beginning()) + Arrays.toString(framing()),
            settings.tokens + " in rows of " + settings.rowTokens,
            settings.format.name());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** "40000 tokens written by SmolLM2 (dense), temperature 1.0, top-p 0.95, seed 0". */
  @Override
  public String label() {
    return settings.tokens
        + " tokens written by "
        + model.lineage().name()
        + " ("
        + model.label()
        + "), "
        + settings.sampling.label()
        + (settings.beginning == null ? "" : ", starting with \"" + settings.beginning + "\"")
        + (settings.format == WeightFormat.FLOAT32_PACKED ? "" : ", " + settings.format.label());
  }

  /** Writes the text, batch after batch; memory does not grow with it. */
  @Override
  public void forEach(Consumer<int[]> document) {
    int[] beginning = beginning();
    int newTokens = settings.rowTokens - beginning.length;
    if (newTokens < 1) {
      throw new IllegalArgumentException(
          "a row of "
              + settings.rowTokens
              + " tokens has no room after a beginning of "
              + beginning.length
              + "; start with less or write longer rows");
    }
    long rows = (settings.tokens + settings.rowTokens - 1) / settings.rowTokens;
    try (DecoderSession session = DecoderSession.open(model, settings.format);
        Progress progress =
            listener.start(
                "Writing text by " + model.label(), rows * settings.rowTokens, "tokens")) {
      Sampler sampler = new Sampler(session, settings.sampling);
      for (long first = 0, count; first < rows; first += count) {
        count = sideBySide(sampler.bytesPerSequence(settings.rowTokens), rows - first);
        progress.advance(count * beginning.length);
        List<WrittenRow> written =
            sampler.write(beginning, newTokens, AfterEos.BEGIN_ANEW, first, (int) count, progress);
        for (int i = 0; i < count; i++) {
          long before = (first + i) * settings.rowTokens;
          give(written.get(i), beginning, settings.tokens - before, document);
        }
      }
    }
  }

  /** How many of the rows that are left are written next: batches are as equal as can be. */
  private static long sideBySide(long bytesPerRow, long left) {
    long most = Math.max(1, Math.min(MOST_ROWS, CACHE_BYTES / bytesPerRow));
    long batches = (left + most - 1) / most;
    return (left + batches - 1) / batches;
  }

  /** The documents of a row, of its first so many tokens. */
  private void give(WrittenRow row, int[] beginning, long tokens, Consumer<int[]> document) {
    int[] framing = framing();
    for (int t = 0; t < row.starts().length; t++) {
      int start = row.starts()[t];
      int next = t + 1 < row.starts().length ? row.starts()[t + 1] : row.ids().length;
      int end = (int) Math.min(next, tokens);
      if (end - start <= beginning.length) {
        continue; // nothing was drawn after its beginning
      }
      int[] ids = Arrays.copyOfRange(row.ids(), start, end);
      int from = Arrays.mismatch(ids, framing) == framing.length ? framing.length : 0;
      int to = ids[ids.length - 1] == eos() ? ids.length - 1 : ids.length;
      from += from < to && ids[from] == eos() ? 1 : 0;
      if (from < to) {
        document.accept(Arrays.copyOfRange(ids, from, to));
      }
    }
  }

  private int eos() {
    return model.config().special().eos();
  }

  /** What the tokenizer puts before every text. */
  private int[] framing() {
    return withoutEnd(model.tokenizer().encode("", true));
  }

  private int[] withoutEnd(int[] ids) {
    boolean ends = ids.length > 1 && ids[ids.length - 1] == eos();
    return ends ? Arrays.copyOf(ids, ids.length - 1) : ids;
  }

  private int[] beginning() {
    String name = model.lineage().name();
    if (settings.beginning != null) {
      int[] ids = withoutEnd(model.tokenizer().encode(settings.beginning, true));
      if (ids.length == 0) {
        throw new IllegalArgumentException(
            "a text that starts with \""
                + settings.beginning
                + "\" has no token of "
                + name
                + " to start with; write a word, or leave startingWith out");
      }
      return ids;
    }
    int bos = model.config().special().bos();
    int start = bos >= 0 ? bos : eos();
    if (start < 0) {
      throw new IllegalArgumentException(
          name
              + " has neither a token that begins a text nor one that ends it;"
              + " say what its texts begin with: startingWith(\"The\")");
    }
    return new int[] {start};
  }
}
