package io.kerf.tensor;

import java.util.List;
import java.util.Objects;

/** Tensors one after another along their first dimension. */
public final class StackedRows implements Tensor {
  private final List<Tensor> parts;
  private final Shape shape;

  private StackedRows(List<Tensor> parts, Shape shape) {
    this.parts = parts;
    this.shape = shape;
  }

  /**
   * The rows of the first, then those of the second, and so on.
   *
   * @throws IllegalArgumentException if they differ in another dimension than the first
   */
  public static StackedRows of(List<Tensor> parts) {
    int rows = 0;
    for (Tensor part : parts) {
      Shape first = parts.get(0).shape();
      if (!TensorView.withRows(part.shape(), first.size(0)).equals(first)) {
        throw new IllegalArgumentException(
            "cannot stack " + part.shape() + " on " + first + ": they differ beyond their rows");
      }
      rows = Math.addExact(rows, part.shape().size(0));
    }
    return new StackedRows(List.copyOf(parts), TensorView.withRows(parts.get(0).shape(), rows));
  }

  @Override
  public Shape shape() {
    return shape;
  }

  /** That of all parts, or float32 where they differ. */
  @Override
  public String encoding() {
    List<String> all = parts.stream().map(Tensor::encoding).distinct().toList();
    return all.size() == 1 ? all.get(0) : Encoding.F32.label();
  }

  @Override
  public Encoding plainEncoding() {
    List<Encoding> all = parts.stream().map(Tensor::plainEncoding).distinct().toList();
    return all.size() == 1 ? all.get(0) : Encoding.F32;
  }

  @Override
  public long sizeBytes() {
    return parts.stream().mapToLong(Tensor::sizeBytes).sum();
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, shape.elements());
    for (Tensor part : parts) {
      long elements = part.shape().elements();
      if (from < elements && count > 0) {
        int here = (int) Math.min(count, elements - from);
        part.read(from, into, at, here);
        from += here;
        at += here;
        count -= here;
      }
      from -= elements;
    }
  }
}
