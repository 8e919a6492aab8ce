package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorViewTest {
  private static final Tensor SMALL = FloatTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

  @Test
  void transposesAMatrix() {
    Tensor transposed = TransposedMatrix.of(SMALL);
    assertEquals(Shape.of(3, 2), transposed.shape());
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, transposed.toFloats());
    assertSame(SMALL, TransposedMatrix.of(transposed));
  }

  @Test
  void selectsRowsInAnyOrder() {
    assertArrayEquals(
        new float[] {4, 5, 6, 1, 2, 3, 4, 5, 6}, SelectedRows.of(SMALL, 1, 0, 1).toFloats());
    assertThrows(IndexOutOfBoundsException.class, () -> SelectedRows.of(SMALL, 2));
  }

  @Test
  void cutsConsecutiveRows() {
    Tensor last = RowRange.of(SMALL, 1, 2);
    assertEquals(Shape.of(1, 3), last.shape());
    assertArrayEquals(new float[] {4, 5, 6}, last.toFloats());
    assertEquals(12, last.sizeBytes());
    assertThrows(IndexOutOfBoundsException.class, () -> RowRange.of(SMALL, 1, 3));
  }

  @Test
  void readsUnderAnotherShape() {
    Tensor flat = ReshapedTensor.of(SMALL, 6);
    assertEquals(Shape.of(6), flat.shape());
    assertArrayEquals(SMALL.toFloats(), flat.toFloats());
    var error = assertThrows(IllegalArgumentException.class, () -> ReshapedTensor.of(SMALL, 4, 2));
    assertEquals("cannot read 2 x 3 (6 elements) as 4 x 2 (8)", error.getMessage());
  }

  @Test
  void stepsThroughAFlatSource() {
    Tensor strided = StridedTensor.of(SMALL, 1, Shape.of(2, 2), 3, 1);
    assertArrayEquals(new float[] {2, 3, 5, 6}, strided.toFloats());
    var error =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> StridedTensor.of(SMALL, 1, Shape.of(2, 2), 4, 2));
    assertEquals(
        "a view of 2 x 2 from element 1 with strides [4, 2] leaves its source of 6 elements",
        error.getMessage());
  }

  @Test
  void readsAnyRunAsPartOfTheWhole() {
    Random random = new Random(3);
    for (int rows : new int[] {1, 7, 64, 65, 200}) {
      for (int columns : new int[] {1, 31, 64, 130}) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
          values[i] = i;
        }
        Tensor matrix = FloatTensor.of(values, rows, columns);
        float[] transposed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
          transposed[i % columns * rows + i / columns] = values[i];
        }
        int[] order = random.ints(rows, 0, rows).toArray();
        float[] selected = new float[values.length];
        for (int r = 0; r < rows; r++) {
          System.arraycopy(values, order[r] * columns, selected, r * columns, columns);
        }
        assertRuns(transposed, TransposedMatrix.of(matrix), random);
        assertRuns(
            transposed, StridedTensor.of(matrix, 0, Shape.of(columns, rows), 1, columns), random);
        assertRuns(selected, SelectedRows.of(matrix, order), random);
        assertRuns(values, ReshapedTensor.of(matrix, columns, rows), random);
      }
    }
  }

  private static void assertRuns(float[] expected, Tensor view, Random random) {
    assertArrayEquals(expected, view.toFloats());
    for (int i = 0; i < 20; i++) {
      int from = random.nextInt(expected.length + 1);
      int count = random.nextInt(expected.length - from + 1);
      float[] run = new float[count + 3];
      view.read(from, run, 2, count);
      for (int j = 0; j < count; j++) {
        assertEquals(expected[from + j], run[2 + j]);
      }
    }
  }

  @Test
  void keepsTheSourcesEncodingAndShareOfBytes() {
    Tensor view = SelectedRows.of(TransposedMatrix.of(SMALL), 2, 0);
    assertEquals("float32", view.encoding());
    assertEquals(16, view.sizeBytes());
    assertEquals(32, view.bitsPerElement());
  }

  @Test
  void readsNothingFromAnEmptyView() {
    Tensor empty = FloatTensor.of(new float[0], 3, 0);
    assertEquals(0, TransposedMatrix.of(empty).toFloats().length);
    assertEquals(0, SelectedRows.of(empty, 2, 1).toFloats().length);
    assertEquals(0, StridedTensor.of(empty, 0, Shape.of(0, 2), 2, 1).toFloats().length);
  }
}
