package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;

/** Runs of a tensor, wherever they begin and end. */
final class TensorRuns {
  private TensorRuns() {}

  /** Each is the same part of all elements, and none may leave the tensor. */
  static void assertAgree(Random random, Tensor tensor, float[] all) {
    for (int i = 0; i < 20; i++) {
      int from = random.nextInt(all.length + 1);
      int count = random.nextInt(all.length - from + 1);
      float[] run = new float[count + 2];
      tensor.read(from, run, 1, count);
      assertArrayEquals(
          Arrays.copyOfRange(all, from, from + count), Arrays.copyOfRange(run, 1, count + 1));
    }
    assertThrows(
        IndexOutOfBoundsException.class, () -> tensor.read(all.length, new float[1], 0, 1));
  }
}
