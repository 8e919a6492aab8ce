package io.kerf.tensor;

/** Counts zeros by reading a tensor in runs. */
final class Zeros {
  private Zeros() {}

  static long count(Tensor tensor) {
    long elements = tensor.shape().elements();
    float[] run = new float[tensor.shape().runElements()];
    long zeros = 0;
    for (long from = 0; from < elements; from += run.length) {
      int count = (int) Math.min(run.length, elements - from);
      tensor.read(from, run, 0, count);
      int here = 0;
      for (int i = 0; i < count; i++) {
        here += run[i] == 0 ? 1 : 0;
      }
      zeros += here;
    }
    return zeros;
  }
}
