package io.kerf.onnx;

import java.io.IOException;
import java.util.List;

/**
 * A stored tensor of a graph.
 *
 * @param dimensions of it; none for a scalar
 * @param payload writes its bytes when the file is written: {@link #sizeBytes} of them
 */
record Initializer(String name, ElementType type, List<Long> dimensions, Payload payload) {
  /** Writes a tensor's bytes, little-endian and row-major, a run at a time. */
  interface Payload {
    void write(Sink out) throws IOException;
  }

  Initializer {
    dimensions = List.copyOf(dimensions);
  }

  Initializer withName(String other) {
    return new Initializer(other, type, dimensions, payload);
  }

  long elements() {
    return dimensions.stream().reduce(1L, Math::multiplyExact);
  }

  long sizeBytes() {
    return type.sizeBytes(elements());
  }
}
