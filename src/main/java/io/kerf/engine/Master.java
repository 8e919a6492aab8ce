package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * An array that learns.
 *
 * @param names of its parts, one below the other, as checkpoints have them
 * @param parts the host's tensors that it began as; empty for what training itself brings
 * @param value float32
 * @param gradient of the same shape, added to by every pass
 * @param matrix whether it has two dimensions, so that AdamW lets it decay
 */
record Master(
    List<String> names, List<Tensor> parts, NDArray value, NDArray gradient, boolean matrix) {
  /** The shape of a part. */
  Shape shape(int part) {
    if (parts.isEmpty()) {
      long[] sizes = value.getShape().getShape();
      return Shape.of(Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray());
    }
    return parts.get(part).shape();
  }
}
