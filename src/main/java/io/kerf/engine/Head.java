package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.kerf.model.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The way from hidden states to the vocabulary; computed for the rows that are asked alone. */
final class Head {
  /** Hidden states at a time: 64 rows of 50,000 logits are 12 MiB, more would leave the cache. */
  private static final int ROWS = 64;

  private final Script script;
  private final Weights weights;
  private final int index; // among the linear layers
  private final double softCap;

  Head(Script script, Weights weights, WeightFormat format, Parameter head, double softCap) {
    this.script = script;
    this.weights = weights;
    this.index = weights.linear(held(format), List.of(head));
    this.softCap = softCap;
  }

  /** Four bits would cost the vocabulary more than they save: there the head stays in eight. */
  static WeightFormat held(WeightFormat format) {
    return format == WeightFormat.INT4_GROUP ? WeightFormat.INT8_DYNAMIC : format;
  }

  /** So many hidden states (R, D) from that one on. */
  NDArray rows(PtNDManager owner, NDArray hidden, int from, int count) {
    return script.array(owner, "rows", hidden, from, count);
  }

  /** Whole logits of every hidden state (R, D): R rows of V. */
  float[][] logits(PtNDManager owner, NDArray hidden) {
    int rows = (int) hidden.getShape().get(0);
    float[][] all = new float[rows][];
    for (int from = 0; from < rows; from += ROWS) {
      int to = Math.min(rows, from + ROWS);
      try (NDArray part = rows(owner, hidden, from, to - from);
          NDArray logits = script.array(owner, "logits", arguments(part))) {
        float[] flat = logits.toFloatArray();
        int width = flat.length / (to - from);
        for (int r = from; r < to; r++) {
          all[r] = Arrays.copyOfRange(flat, (r - from) * width, (r - from + 1) * width);
        }
      }
    }
    return all;
  }

  /**
   * Log-probabilities of targets.
   *
   * @param hidden (R, D)
   * @param rows for each target, after which hidden state
   */
  DecoderSession.Scores score(PtNDManager owner, NDArray hidden, int[] rows, int[] tokens) {
    int count = rows.length;
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingInt(i -> rows[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] sortedRows = Arrays.stream(order).mapToLong(i -> rows[i]).toArray();
    long[] sortedTokens = Arrays.stream(order).mapToLong(i -> tokens[i]).toArray();
    try (NDArray at = owner.create(sortedRows);
        NDArray wanted = owner.create(sortedTokens);
        NDArray result =
            script.array(
                owner, "score", arguments(hidden, at, wanted, ROWS, splits(sortedRows, hidden)))) {
      float[] flat = result.toFloatArray();
      float[] logProbabilities = new float[count];
      boolean[] greedy = new boolean[count];
      for (int i = 0; i < count; i++) {
        logProbabilities[order[i]] = flat[i];
        greedy[order[i]] = flat[count + i] <= 0;
      }
      return new DecoderSession.Scores(logProbabilities, greedy);
    }
  }

  /** Where the targets of each run of rows begin, and the end of the last. */
  private static int[] splits(long[] sortedRows, NDArray hidden) {
    int runs = (int) ((hidden.getShape().get(0) + ROWS - 1) / ROWS);
    int[] splits = new int[runs + 1];
    int at = 0;
    for (int run = 0; run < runs; run++) {
      splits[run] = at;
      while (at < sortedRows.length && sortedRows[at] < (long) (run + 1) * ROWS) {
        at++;
      }
    }
    splits[runs] = at;
    return splits;
  }

  /** The likeliest token after the only hidden state (1, D). */
  int likeliest(NDArray hidden) {
    try (IValue token = script.call("likeliest", arguments(hidden))) {
      return (int) token.toLong();
    }
  }

  /** The logits of every hidden state (R, D): (R, V), in native memory. */
  NDArray allLogits(PtNDManager owner, NDArray hidden) {
    return script.array(owner, "logits", arguments(hidden));
  }

  /** A method's own arguments and those that say which head. */
  Object[] arguments(Object... own) {
    return Weights.concat(Weights.concat(own, index, softCap), weights.arguments());
  }
}
