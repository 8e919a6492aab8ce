package io.kerf.model;

import io.kerf.tensor.SelectedRows;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Queries and keys of files whose programs rotate neighbouring elements of a head (llama.cpp,
 * llama2.c) where Hugging Face rotates its halves against each other.
 */
final class InterleavedRotary {
  private InterleavedRotary() {}

  /**
   * Puts each head's rows, which lie as 0, h/2, 1, h/2+1, ..., back in order.
   *
   * @param role QUERY or KEY
   */
  static UnaryOperator<Tensor> rows(Role role, Config.Attention attention) {
    int heads = role == Role.KEY ? attention.keyValueHeads() : attention.heads();
    int headWidth = attention.headWidth();
    // A wrong shape is the reader's to refuse, by name; a forged one must not size an array here.
    return stored -> fits(stored.shape(), heads, headWidth) ? inOrder(stored, headWidth) : stored;
  }

  private static boolean fits(Shape shape, long heads, int headWidth) {
    return shape.dimensions() > 0
        && shape.elements() > 0
        && shape.size(0) == heads * headWidth
        && headWidth % 2 == 0;
  }

  private static Tensor inOrder(Tensor stored, int headWidth) {
    int half = headWidth / 2;
    int[] rows = new int[stored.shape().size(0)];
    for (int row = 0; row < rows.length; row++) {
      int inHead = row % headWidth;
      rows[row] = row - inHead + (inHead < half ? 2 * inHead : 2 * (inHead - half) + 1);
    }
    return SelectedRows.of(stored, rows);
  }
}
