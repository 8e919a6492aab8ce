package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StoredTensor;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Where a tensor lies, checked: its region holds exactly what its shape takes.
 *
 * @param region its bytes
 */
record TensorEntry(String tensor, Shape shape, Encoding encoding, FileRegion region) {
  /** Maps it. */
  StoredTensor map() {
    return StoredTensor.of(shape, encoding, region.map());
  }

  /**
   * A shape from a header's sizes.
   *
   * @param where file and field, for errors
   */
  static Shape shape(String where, long... sizes) {
    long elements = 1;
    boolean fits = sizes.length <= 8;
    for (long size : sizes) {
      fits &= size >= 0 && size <= Integer.MAX_VALUE;
    }
    for (int i = 0; fits && i < sizes.length; i++) {
      fits = Math.multiplyHigh(elements, sizes[i]) == 0 && elements * sizes[i] >= 0;
      elements *= sizes[i];
    }
    if (!fits || elements > Long.MAX_VALUE / 8) {
      throw new FormatException(
          where
              + " is "
              + Arrays.stream(sizes)
                  .limit(16)
                  .mapToObj(Long::toUnsignedString)
                  .collect(Collectors.joining(", ", "[", sizes.length > 16 ? ", ...]" : "]"))
              + "; at most 8 dimensions below 2^31 with a product below 2^60 are read; "
              + FileRegion.DAMAGED);
    }
    return Shape.of(Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray());
  }
}
