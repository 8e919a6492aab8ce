package io.kerf.tensor;

import java.util.Objects;

/** Consecutive rows of a tensor (steps along its first dimension). */
public final class RowRange extends TensorView {
  private final long start;

  private RowRange(Tensor source, int from, int to) {
    super(source, withRows(source.shape(), to - from));
    this.start = from * rowElements(source.shape());
  }

  /**
   * Rows {@code from} up to but not including {@code to}.
   *
   * @throws IndexOutOfBoundsException if the source has no such rows
   */
  public static RowRange of(Tensor source, int from, int to) {
    Objects.checkFromToIndex(from, to, source.shape().size(0));
    return new RowRange(source, from, to);
  }

  @Override
  void readRun(long from, float[] into, int at, int count) {
    source.read(start + from, into, at, count);
  }
}
