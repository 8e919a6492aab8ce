package io.kerf.compress;

import io.kerf.progress.Interrupted;
import io.kerf.tensor.Tensor;

/** Reads a tensor in runs that stay in the processor's cache. */
final class Runs {
  private Runs() {}

  /** What is done with a run. */
  interface Visitor {
    /**
     * A run of the tensor.
     *
     * @param values the run, from index 0
     * @param count how long it is
     * @param first index of its first element in the tensor
     */
    void visit(float[] values, int count, long first);
  }

  /** All elements in order, whole rows in every run. */
  static void of(Tensor tensor, Visitor visitor) {
    long elements = tensor.shape().elements();
    float[] run = new float[tensor.shape().runElements()];
    for (long first = 0; first < elements; first += run.length) {
      Interrupted.check("compressing");
      int count = (int) Math.min(run.length, elements - first);
      tensor.read(first, run, 0, count);
      visitor.visit(run, count, first);
    }
  }
}
