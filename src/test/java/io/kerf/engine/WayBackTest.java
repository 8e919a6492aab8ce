package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps whose way back is made by hand, against autograd's. */
class WayBackTest {
  private static final PtNDManager MEMORY = Libtorch.newMemory();
  private static final Script PAGE =
      Script.learning(
          MEMORY,
          Stream.concat(
                  Stream.of(
                      "linear.py", "activation.py", "feed_forward.py", "attention.py", "head.py"),
                  Stream.concat(Page.LEARNING.stream(), Stream.of("steps.py")))
              .toArray(String[]::new));
  private static final double HALF = 0.02; // of the largest value: bfloat16 has 8 bits

  @AfterAll
  static void close() {
    PAGE.close();
    MEMORY.close();
  }

  private static NDArray random(int seed, double scale, long... sizes) {
    Random random = new Random(seed);
    Shape shape = new Shape(sizes);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return MEMORY.create(values, shape);
  }

  private static float[] values(String method, Object... arguments) {
    return PAGE.recording(() -> PAGE.array(MEMORY, method, arguments)).toFloatArray();
  }

  private static void assertNear(float[] expected, float[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    double apart = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      apart = Math.max(apart, Math.abs(expected[i] - actual[i]));
    }
    assertTrue(largest > 0.1, "nothing to compare");
    assertTrue(apart <= tolerance * largest, apart + " of " + largest);
  }

  /**
   * Sequences of several blocks of rows, of one, of one token, and longer ones whose weights are
   * computed again; heads that share keys and not.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6})
  void attentionInBlocksIsAutograds(int groups) {
    int[] starts = {0, 20, 40, 49, 50, 59, 100}; // lengths of 20, 20, 9, 1, 9 and 41
    int heads = 6;
    int tokens = 100;
    int width = 8;
    NDArray q = random(1, 1, heads, tokens, width);
    NDArray k = random(2, 1, groups, tokens, width);
    NDArray v = random(3, 1, groups, tokens, width);
    NDArray d = random(4, 1, tokens, heads * width);
    float[] rows = new float[64]; // blocks of 8 rows
    for (int i = 0; i < 64; i++) {
      rows[i] = i % 8 > i / 8 ? Float.NEGATIVE_INFINITY : 0;
    }
    NDArray triangle = MEMORY.create(rows, new Shape(8, 8));
    float[] expected = values("attention_by_autograd", q, k, v, d, starts, triangle);
    assertNear(expected, values("attention", q, k, v, d, starts, triangle, 0), 2e-6);
    assertNear(expected, values("attention", q, k, v, d, starts, triangle, 1), HALF);
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void aFeedForwardPartIsAutograds(Activation activation) {
    for (int gated = 0; gated <= 1; gated++) {
      int inner = 10;
      NDArray x = random(1, 1, 7, 6);
      NDArray up = random(2, 0.7, inner * (1 + gated), 6);
      NDArray a = random(3, 0.5, inner * (1 + gated));
      NDArray down = random(4, 0.7, 5, inner);
      NDArray b = random(5, 0.5, 5);
      NDArray d = random(6, 1, 7, 5);
      Object[] all = {x, up, a, down, b, d, gated, activation.ordinal()};
      float[] expected = values("feed_by_autograd", all);
      assertNear(expected, values("feed", Weights.concat(all, new Object[] {0})), 2e-6);
      if (activation != Activation.RELU) { // rounding moves some across its kink
        assertNear(expected, values("feed", Weights.concat(all, new Object[] {1})), HALF);
      }
    }
  }

  @Test
  void whatWasHeldAndNotGoneBackThroughIsForgotten() {
    NDArray x = random(1, 1, 7, 6);
    NDArray up = random(2, 1, 20, 6);
    NDArray down = random(3, 1, 5, 10);
    NDArray heads = random(4, 1, 2, 7, 8);
    NDArray triangle = MEMORY.create(new float[64], new Shape(8, 8));
    try (IValue left = PAGE.recording(() -> PAGE.call("left_over", x, up, down, heads, triangle))) {
      // 6 arrays and 2 kinds are the weights': 3 + 6 + 3 arrays and 3 + 5 + 3 kinds were held.
      assertEquals(List.of(18L, 13L, 6L, 2L), Arrays.stream(left.toLongArray()).boxed().toList());
    }
  }
}
