package io.kerf.eval.harness;

import static io.kerf.eval.Metrics.bitsPerByte;
import static io.kerf.eval.Metrics.weightedPerplexity;

import io.kerf.eval.DataFile;
import io.kerf.eval.Document;
import io.kerf.eval.Metric;
import io.kerf.eval.Metrics;
import io.kerf.eval.Sampling;
import io.kerf.eval.Tokens;
import io.kerf.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The two ways in which the field takes the perplexity of a text. */
public final class Perplexity {
  /** The harness's metrics of whole texts. */
  public static final List<Metric> ROLLING =
      List.of(
          weightedPerplexity("word_perplexity", "logLikelihood", "words"),
          weightedPerplexity("byte_perplexity", "logLikelihood", "bytes"),
          bitsPerByte("bits_per_byte", "logLikelihood", "bytes"));

  private Perplexity() {}

  /**
   * Perplexity per token as compression papers report it: the file is tokenised whole without
   * special tokens and cut into windows that do not overlap; exp of the mean negative
   * log-likelihood of all but each window's first token. What is left after the last full window is
   * not scored.
   *
   * @param tokens in a window
   * @param sampling which of the windows
   */
  public static HarnessTask windows(String name, Path file, int tokens, Sampling sampling) {
    if (tokens < 2) {
      throw new IllegalArgumentException("a window needs at least 2 tokens, was " + tokens);
    }
    String text = read(file);
    return new HarnessTask(
        name,
        "1",
        List.of(DataFile.of(file, text.lines().count())),
        Map.of(
            "windows", sampling.label().replace("rows", "windows") + " of " + tokens + " tokens"),
        List.of(Metrics.perplexity("perplexity", "meanLogLikelihood")),
        model -> windows(file, text, tokens, sampling, model.tokenizer()));
  }

  private static List<Document> windows(
      Path file, String text, int size, Sampling sampling, Tokenizer tokenizer) {
    Tokens all = Tokens.of(tokenizer.encode(text, false));
    if (all.size() < size) {
      throw new IllegalArgumentException(
          file + " has " + all.size() + " tokens, fewer than a window of " + size);
    }
    List<Document> windows = new ArrayList<>();
    for (int from = 0; from + size <= all.size(); from += size) {
      windows.add(new TextWindow("tokens " + from, all.slice(from, from + size)));
    }
    return sampling.of(windows);
  }

  /**
   * Perplexity per word and per byte as the harness reports it: each page is scored as a whole.
   *
   * @param pages of the file
   */
  public static HarnessTask rolling(String name, DataFile file, List<Page> pages) {
    return new HarnessTask(
        name, "1", List.of(file), Map.of(), ROLLING, model -> List.copyOf(pages));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
