package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StoredTensor;
import io.kerf.tensor.Tensor;

/**
 * A tensor on its way into a file.
 *
 * @param name under which the file holds it
 * @param encoding how the file holds it; one that {@link Encoding#encodes()}
 * @param values what it holds, read in runs while it is written
 */
public record Payload(String name, Encoding encoding, Tensor values) {
  private static final int RUN_ELEMENTS = 1 << 18; // whole blocks of every encoding

  public Payload {
    if (!encoding.encodes()) {
      throw new IllegalArgumentException(name + ": " + encoding.label() + " is not written");
    }
  }

  public Shape shape() {
    return values.shape();
  }

  /** How many bytes of the file it takes. */
  public long sizeBytes() {
    return encoding.sizeBytes(values.shape().elements());
  }

  /** Writes all values: the bytes themselves where they are already stored in this encoding. */
  void writeTo(FileSink sink) {
    if (values instanceof StoredTensor stored && stored.stored() == encoding) {
      copy(stored, sink);
      return;
    }
    long elements = values.shape().elements();
    float[] run = new float[(int) Math.min(RUN_ELEMENTS, elements)];
    byte[] bytes = new byte[Math.toIntExact(encoding.sizeBytes(run.length))];
    for (long from = 0; from < elements; from += run.length) {
      int count = (int) Math.min(run.length, elements - from);
      values.read(from, run, 0, count);
      try {
        encoding.encode(run, 0, bytes, 0, count / encoding.blockElements());
      } catch (ArithmeticException e) {
        throw new FormatException(
            name
                + " cannot be written as "
                + encoding.label()
                + ": "
                + e.getMessage()
                + "; write it as float32");
      }
      sink.write(bytes, 0, (int) encoding.sizeBytes(count));
    }
  }

  private static void copy(StoredTensor stored, FileSink sink) {
    byte[] bytes = new byte[(int) Math.min(1 << 20, stored.sizeBytes())];
    for (long from = 0; from < stored.sizeBytes(); from += bytes.length) {
      int count = (int) Math.min(bytes.length, stored.sizeBytes() - from);
      stored.bytes().read(from, bytes, 0, count);
      sink.write(bytes, 0, count);
    }
  }
}
