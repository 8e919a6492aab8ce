package io.kerf.tensor;

/** The same elements in the same row-major order under other sizes. */
public final class ReshapedTensor extends TensorView {
  private ReshapedTensor(Tensor source, Shape shape) {
    super(source, shape);
  }

  /**
   * A tensor under another shape.
   *
   * @throws IllegalArgumentException if that has another number of elements
   */
  public static ReshapedTensor of(Tensor source, int... sizes) {
    Shape shape = Shape.of(sizes);
    if (shape.elements() != source.shape().elements()) {
      throw new IllegalArgumentException(
          "cannot read "
              + source.shape()
              + " ("
              + source.shape().elements()
              + " elements) as "
              + shape
              + " ("
              + shape.elements()
              + ")");
    }
    return new ReshapedTensor(source, shape);
  }

  @Override
  void readRun(long from, float[] into, int at, int count) {
    source.read(from, into, at, count);
  }
}
