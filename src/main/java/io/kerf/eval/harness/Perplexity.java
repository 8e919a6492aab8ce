package io.kerf.eval.harness;

import io.kerf.eval.Document;
import io.kerf.eval.Metrics;
import io.kerf.eval.Sampling;
import io.kerf.eval.Tokens;
import io.kerf.rows.DataFile;
import io.kerf.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Perplexity per token; per word and byte it is a task: "wikitext". */
public final class Perplexity {
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
    String text = RowFile.text(file);
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
}
