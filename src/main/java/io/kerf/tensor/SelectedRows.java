package io.kerf.tensor;

import java.util.Objects;

/** Some rows of a tensor (steps along its first dimension) in any order. */
public final class SelectedRows extends TensorView {
  private final int[] rows; // source row of each row
  private final long rowElements;

  private SelectedRows(Tensor source, int[] rows) {
    super(source, withRows(source.shape(), rows.length));
    this.rows = rows;
    this.rowElements = rowElements(source.shape());
  }

  /**
   * Rows of a tensor.
   *
   * @param rows the source's row that becomes each row of the result, such as a permutation
   * @throws IndexOutOfBoundsException if the source has no such row
   */
  public static SelectedRows of(Tensor source, int... rows) {
    SelectedRows selected = new SelectedRows(source, rows.clone());
    for (int row : selected.rows) {
      Objects.checkIndex(row, source.shape().size(0));
    }
    return selected;
  }

  @Override
  void readRun(long from, float[] into, int at, int count) {
    while (count > 0) {
      long skipped = from % rowElements;
      int part = (int) Math.min(count, rowElements - skipped);
      source.read(rows[(int) (from / rowElements)] * rowElements + skipped, into, at, part);
      from += part;
      at += part;
      count -= part;
    }
  }
}
