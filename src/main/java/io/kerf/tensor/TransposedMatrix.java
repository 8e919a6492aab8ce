package io.kerf.tensor;

/** A matrix read as its transpose: element (r, c) is the source's (c, r). */
public final class TransposedMatrix extends TensorView {
  private static final int TILE_ROWS = 1024; // long runs of the source's rows
  private static final int TILE_COLUMNS = 64; // with TILE_ROWS, what a second-level cache holds
  private static final int PADDING = 16; // a cache line, so that a tile's rows differ in their sets

  private TransposedMatrix(Tensor source) {
    super(source, Shape.of(source.shape().columns(), source.shape().rows()));
  }

  /** The transpose of a matrix; of a transpose, its source. */
  public static Tensor of(Tensor matrix) {
    return matrix instanceof TransposedMatrix t ? t.source : new TransposedMatrix(matrix);
  }

  @Override
  void readRun(long from, float[] into, int at, int count) {
    int columns = shape().columns();
    int first = (int) (from / columns);
    int last = (int) ((from + count - 1) / columns);
    int pitch = Math.min(TILE_ROWS, last - first + 1) + PADDING;
    float[] tile = new float[TILE_COLUMNS * pitch]; // (columns, rows): runs of the source's rows
    for (int row = first; row <= last; row += Math.min(TILE_ROWS, last - row + 1)) {
      int rows = Math.min(TILE_ROWS, last - row + 1);
      long start = (long) row * columns - from; // where the rows begin in the run; may be before
      int left = rows == 1 ? (int) Math.max(0, -start) : 0;
      int right = rows == 1 ? (int) Math.min(columns, count - start) : columns;
      for (int column = left; column < right; column += TILE_COLUMNS) {
        int width = Math.min(TILE_COLUMNS, right - column);
        for (int c = 0; c < width; c++) {
          source.read((long) (column + c) * shape().rows() + row, tile, c * pitch, rows);
        }
        for (int r = 0; r < rows; r++) {
          long begin = start + (long) r * columns + column;
          int low = (int) Math.max(0, -begin); // a first or last row may be cut
          int high = (int) Math.min(width, count - begin);
          for (int c = low; c < high; c++) {
            into[at + (int) begin + c] = tile[c * pitch + r];
          }
        }
      }
    }
  }
}
