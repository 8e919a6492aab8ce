package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StridedTensor;
import io.kerf.tensor.Tensor;
import io.kerf.tensor.TransposedMatrix;

/**
 * A tensor as PyTorch pickles it: a view of a storage.
 *
 * @param offset of its first element in the storage
 * @param strides in elements, one a dimension
 */
record TorchTensor(Storage storage, long offset, Shape shape, long[] strides) {
  /**
   * A flat run of elements that several tensors may share.
   *
   * @param key names it inside the file
   */
  record Storage(String key, Encoding encoding, long elements) {}

  /** The tensor over the storage's bytes, mapped. */
  Tensor map(FileRegion bytes) {
    if (isRowMajor(shape, strides)) {
      return run(bytes, offset, shape);
    }
    if (shape.dimensions() == 2) {
      Shape transposed = Shape.of(shape.columns(), shape.rows());
      if (isRowMajor(transposed, new long[] {strides[1], strides[0]})) {
        return TransposedMatrix.of(run(bytes, offset, transposed));
      }
    }
    long span = 1; // elements from the first to the last, both included
    for (int d = 0; d < strides.length; d++) {
      span += (shape.size(d) - 1) * strides[d];
    }
    Shape flat = TensorEntry.shape(bytes.name() + ": span", span);
    return StridedTensor.of(run(bytes, offset, flat), 0, shape, strides);
  }

  private Tensor run(FileRegion bytes, long from, Shape shape) {
    Encoding encoding = storage.encoding();
    return bytes
        .slice("tensor", encoding.sizeBytes(from), encoding.sizeBytes(shape.elements()))
        .tensor(shape, encoding);
  }

  /** Whether elements follow one another; the stride of a dimension of size 1 says nothing. */
  private static boolean isRowMajor(Shape shape, long[] strides) {
    long expected = 1;
    for (int d = strides.length - 1; d >= 0; d--) {
      if (shape.size(d) > 1 && strides[d] != expected && shape.elements() > 0) {
        return false;
      }
      expected *= shape.size(d);
    }
    return true;
  }
}
