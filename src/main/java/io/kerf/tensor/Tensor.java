package io.kerf.tensor;

/**
 * An immutable array of numbers on the host, in whatever encoding it is held, read as float32.
 *
 * <p>Implementations keep the encoding and decode on every read, so that a model of many variants
 * costs little: a pruned weight is its dense one and a bit per element, a quantized one its codes.
 */
public interface Tensor {
  Shape shape();

  /** The encoding in the field's words: "float32", "bfloat16", "int4 asym group 64". */
  String encoding();

  /** How many bytes this encoding holds the values in, scales and zero points included. */
  long sizeBytes();

  /** The narrowest of float32, float16 and bfloat16 that holds every value exactly as read. */
  default Encoding plainEncoding() {
    return Encoding.F32;
  }

  /**
   * Decodes a run of elements.
   *
   * @param from index of the first element, row-major
   * @param into where they go
   * @param at index in {@code into} of the first one
   * @param count how many
   * @throws IndexOutOfBoundsException if the run is not inside the tensor or the array
   */
  void read(long from, float[] into, int at, int count);

  /**
   * All elements as a new array, row-major.
   *
   * @throws IllegalStateException if there are more than an array holds
   */
  default float[] toFloats() {
    long n = shape().elements();
    if (n > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          shape() + " has more elements than one array holds: read it in runs");
    }
    float[] values = new float[(int) n];
    read(0, values, 0, values.length);
    return values;
  }

  /**
   * How many elements are exactly zero. Counted by reading all of them, unless an implementation
   * knows: the compact ones count once.
   */
  default long zeros() {
    return Zeros.count(this);
  }

  /** Mean number of bits an element takes, scales and zero points included. */
  default double bitsPerElement() {
    return shape().elements() == 0 ? 0 : 8.0 * sizeBytes() / shape().elements();
  }
}
