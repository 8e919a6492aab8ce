package io.kerf.eval.harness;

import static io.kerf.eval.Metrics.tokenPerplexity;
import static io.kerf.eval.Metrics.total;

import io.kerf.eval.Document;
import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.eval.Tokens;
import io.kerf.model.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Perplexity per token, in the ways of the field; per word and byte it is a task: "wikitext". */
public final class Perplexity {
  private Perplexity() {}

  /** As {@link #windows(SourceText, int, Sampling)}, of a file's text. */
  public static HarnessTask windows(String name, Path file, int tokens, Sampling sampling) {
    return windows(SourceText.of(name, file, text -> text), tokens, sampling);
  }

  /**
   * Perplexity per token as compression papers report it: the text is tokenised whole without
   * special tokens and cut into windows that do not overlap; exp of the mean negative
   * log-likelihood of all but each window's first token. What is left after the last full window is
   * not scored.
   *
   * @param tokens in a window
   * @param sampling which of the windows
   */
  public static HarnessTask windows(SourceText text, int tokens, Sampling sampling) {
    checkWindow(tokens);
    return task(
        text,
        text.name(),
        windows(sampling) + " of " + tokens + " tokens",
        sampling,
        tokens,
        all -> disjoint(all, tokens));
  }

  /**
   * Perplexity per token over windows that overlap, so that a token has at least {@code tokens -
   * stride} before it. Windows of so many tokens begin every {@code stride} tokens, the last one
   * ends with the text and may be shorter; each scores what those before it have not, the first all
   * but its first token. exp of the mean negative log-likelihood of all tokens scored.
   *
   * <p>This is how Hugging Face's guide takes it, but for one thing: the guide weighs each window's
   * mean by one token less than it scored. Where the stride is the window nothing overlaps, each
   * window's first token is given, and over full windows the result is that of {@link #windows}.
   *
   * @param tokens in a window
   * @param stride from one window's beginning to the next one's, in [1, tokens]
   * @param sampling which of the windows
   */
  public static HarnessTask strided(SourceText text, int tokens, int stride, Sampling sampling) {
    checkWindow(tokens);
    if (stride < 1 || stride > tokens) {
      throw new IllegalArgumentException(
          "a stride must be in [1, " + tokens + "], the window's tokens, was " + stride);
    }
    return task(
        text,
        text.name() + " stride " + stride,
        windows(sampling) + " of " + tokens + " tokens, one every " + stride,
        sampling,
        tokens,
        all -> overlapping(all, tokens, stride));
  }

  private static void checkWindow(int tokens) {
    if (tokens < 2) {
      throw new IllegalArgumentException("a window needs at least 2 tokens, was " + tokens);
    }
  }

  static String windows(Sampling sampling) {
    return sampling.label().replace("rows", "windows");
  }

  private static HarnessTask task(
      SourceText text,
      String name,
      String windows,
      Sampling sampling,
      int windowTokens,
      IntFunction<List<Range>> ranges) {
    return new HarnessTask(
        name,
        "1",
        List.of(text.file()),
        Map.of("windows", windows),
        List.of(
            tokenPerplexity("perplexity", "logLikelihood", "tokens"),
            total("tokens scored", "tokens")),
        model -> {
          Tokens all = tokenised(text, windowTokens, model);
          return sampling.of(ranges.apply(all.size())).stream().map(r -> r.of(all)).toList();
        });
  }

  static Tokens tokenised(SourceText text, int window, Model model) {
    int most = model.config().maxPositions();
    if (window > most) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " reads "
              + most
              + " tokens at once, a window was "
              + window
              + "; take "
              + most
              + " or fewer");
    }
    Tokens all = Tokens.of(model.tokenizer().encode(text.text(), false));
    if (all.size() < window) {
      throw new IllegalArgumentException(
          text.file().path() + " has " + all.size() + " tokens, fewer than a window of " + window);
    }
    return all;
  }

  /** A window's tokens [from, to), of which those from {@code firstScored} on are scored. */
  record Range(int from, int firstScored, int to) {
    Document of(Tokens all) {
      return new TextWindow(
          "tokens " + from, all.slice(from, firstScored), all.slice(firstScored, to));
    }
  }

  private static List<Range> disjoint(int tokens, int size) {
    List<Range> windows = new ArrayList<>();
    for (int from = 0; from + size <= tokens; from += size) {
      windows.add(new Range(from, from + 1, from + size));
    }
    return windows;
  }

  static List<Range> overlapping(int tokens, int size, int stride) {
    List<Range> windows = new ArrayList<>();
    int scored = 0; // every token before it was, but those that are given
    for (int from = 0; scored < tokens; from += stride) {
      int to = Math.min(from + size, tokens);
      int first = Math.max(scored, from + 1);
      if (first < to) {
        windows.add(new Range(from, first, to));
      }
      scored = to;
    }
    return windows;
  }
}
