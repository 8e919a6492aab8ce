package io.kerf.eval.harness;

import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.eval.Task;
import java.util.AbstractList;
import java.util.Objects;

/**
 * The perplexity of a text over disjoint windows, or over windows that overlap. It is the list of
 * that one task, as evaluations take tasks.
 */
public final class TextPerplexity extends AbstractList<Task> {
  private final SourceText text;
  private final int windowTokens;
  private final Sampling sampling;
  private final HarnessTask task;

  private TextPerplexity(SourceText text, int windowTokens, Sampling sampling, HarnessTask task) {
    this.text = text;
    this.windowTokens = windowTokens;
    this.sampling = sampling;
    this.task = task;
  }

  /** Over disjoint windows, see {@link Perplexity#windows}. */
  public static TextPerplexity of(SourceText text, int windowTokens, Sampling sampling) {
    return new TextPerplexity(
        text, windowTokens, sampling, Perplexity.windows(text, windowTokens, sampling));
  }

  /**
   * Over windows that overlap, each token scored once and most of them after a long context, see
   * {@link Perplexity#strided}.
   *
   * @param strideTokens from one window's beginning to the next one's
   */
  public TextPerplexity strided(int strideTokens) {
    return new TextPerplexity(
        text,
        windowTokens,
        sampling,
        Perplexity.strided(text, windowTokens, strideTokens, sampling));
  }

  @Override
  public Task get(int index) {
    Objects.checkIndex(index, 1);
    return task;
  }

  @Override
  public int size() {
    return 1;
  }
}
