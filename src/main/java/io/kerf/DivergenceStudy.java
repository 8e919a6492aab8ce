package io.kerf;

import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.SourceText;
import io.kerf.eval.divergence.Comparison;
import io.kerf.eval.divergence.Divergence;
import io.kerf.eval.divergence.Passage;
import io.kerf.eval.divergence.Passages;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import io.kerf.report.Screen;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What is to be compared: a dense model, variants of it, and over which text. Nothing runs before
 * {@link #run}. All of them are in memory at once, so that each passage is read by the dense model
 * once.
 *
 * @param dense what the others are compared with
 * @param variants of the same model
 * @param text what they read; null until it is named
 * @param windowTokens tokens read at once
 * @param windows how many
 * @param seed says which tokens are hidden from masked models and encoder-decoders
 */
public record DivergenceStudy(
    Variant dense,
    List<Variant> variants,
    SourceText text,
    int windowTokens,
    int windows,
    long seed) {
  private static final WeightFormat FORMAT = WeightFormat.FLOAT32_PACKED;
  private static final long SEED = 1;

  public DivergenceStudy {
    Objects.requireNonNull(dense, "dense");
    variants = List.copyOf(variants);
    if (variants.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to compare: name the dense model and at least one variant of it");
    }
    variants.forEach(variant -> variant.requireTokenizerOf(dense));
  }

  static DivergenceStudy of(Variant dense, List<Variant> variants) {
    return new DivergenceStudy(dense, variants, null, 0, 0, SEED);
  }

  /**
   * Over the first disjoint windows of a text: "wikitext2", or "held_out", which the project ships.
   */
  public DivergenceStudy on(String name, int tokensOfAWindow, int count) {
    return on(Kerf.text(name), tokensOfAWindow, count);
  }

  /** Over the first disjoint windows of a text of one's own. */
  public DivergenceStudy on(Path file, int tokensOfAWindow, int count) {
    return on(SourceText.of(file), tokensOfAWindow, count);
  }

  private DivergenceStudy on(SourceText source, int tokensOfAWindow, int count) {
    return new DivergenceStudy(dense, variants, source, tokensOfAWindow, count, seed);
  }

  /** The same with other tokens hidden from masked models and encoder-decoders. */
  public DivergenceStudy seed(long newSeed) {
    return new DivergenceStudy(dense, variants, text, windowTokens, windows, newSeed);
  }

  /**
   * Compares every variant with the dense model. An interrupt ends it and keeps the windows that
   * were done: the report says how many, and is shown at once.
   */
  public DivergenceReport run() {
    Screen screen = Screen.current();
    Consumer<Object> here = screen.here();
    DivergenceReport report = run(screen.progress());
    if (!report.complete()) {
      here.accept(report);
    }
    return report;
  }

  /** As {@link #run()}, for another listener; shows nothing. */
  public DivergenceReport run(ProgressListener listener) {
    if (text == null) {
      throw new IllegalArgumentException(
          "no text to compare over: name one, for instance .on(\"held_out\", 128, 8)");
    }
    List<Passage> passages =
        Passages.of(dense.model(), seed).of(text.name(), text.text(), windowTokens, windows);
    List<Session> open = new ArrayList<>();
    try {
      open.add(Session.open(dense.model(), FORMAT));
      for (Variant variant : variants) {
        Interrupted.check("opening the variants");
        open.add(Session.open(variant.model(), FORMAT));
      }
      List<Divergence> found =
          Comparison.of(open.get(0), open.subList(1, open.size())).on(passages, listener);
      return new DivergenceReport(this, passages, found);
    } catch (Interrupted e) {
      return new DivergenceReport(
          this, passages, variants.stream().map(v -> Divergence.NONE).toList());
    } finally {
      open.forEach(Session::close);
    }
  }

  String format() {
    return FORMAT.label();
  }
}
