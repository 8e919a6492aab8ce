package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.Objects;

/**
 * Rows of an array in native memory, read as the session that owns it has them at that moment; not
 * to be read after the session was closed.
 */
final class NativeRows implements Tensor {
  private final Script script;
  private final PtNDManager memory;
  private final NDArray array;
  private final long first; // element
  private final Shape shape;

  NativeRows(Script script, PtNDManager memory, NDArray array, long first, Shape shape) {
    this.script = script;
    this.memory = memory;
    this.array = array;
    this.first = first;
    this.shape = shape;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public String encoding() {
    return "float32";
  }

  @Override
  public long sizeBytes() {
    return 4 * shape.elements();
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, shape.elements());
    if (count == 0) {
      return;
    }
    try (NDArray run = script.array(memory, "run_of", array, first + from, count)) {
      System.arraycopy(run.toFloatArray(), 0, into, at, count);
    }
  }

  /** Writes values where they are read. */
  void write(long from, NDArray staged, int count) {
    script.run("put_run", array, first + from, staged, count);
  }
}
