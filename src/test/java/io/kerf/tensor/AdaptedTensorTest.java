package io.kerf.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A matrix and the change of low rank that is added to it. */
class AdaptedTensorTest {
  private final Random random = new Random(11);

  private float[] random(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void addsScaledProductOfBAndA() {
    Tensor base = FloatTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    // B A = [[1], [2]] [[1, 0, -1]]; alpha / r = 3
    LowRank change = LowRank.of(2, 3, 1, 3, false, new float[] {1, 0, -1}, new float[] {1, 2});
    AdaptedTensor tensor = AdaptedTensor.of(base, change);
    assertArrayEquals(new float[] {4, 2, 0, 10, 5, 0}, tensor.toFloats());
    assertEquals(2, tensor.zeros());
    assertEquals(6 * 4 + 3 * 4 + 2 * 4, tensor.sizeBytes());
    assertEquals("float32 + rank 1", tensor.encoding());
    assertEquals(Encoding.F32, tensor.plainEncoding());
    assertSame(base, tensor.base());
  }

  @Test
  void rankStabilizedScaleDividesByTheRoot() {
    assertEquals(2, LowRank.of(5, 5, 4, 8, false, random(20), random(20)).scale());
    assertEquals(4, LowRank.of(5, 5, 4, 8, true, random(20), random(20)).scale());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 16})
  void isTheProductWhateverIsReadAtOnce(int rank) {
    for (int columns : new int[] {1, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65}) {
      float[] weight = random(rank * columns);
      float[] a = random(rank * columns);
      float[] b = random(rank * rank);
      Tensor base = FloatTensor.of(weight, rank, columns);
      Tensor tensor = AdaptedTensor.of(base, LowRank.of(rank, columns, rank, 5, false, a, b));
      float[] all = tensor.toFloats();
      for (int row = 0; row < rank; row++) {
        for (int column = 0; column < columns; column++) {
          double sum = 0;
          for (int k = 0; k < rank; k++) {
            sum += (double) b[row * rank + k] * a[k * columns + column];
          }
          double expected = weight[row * columns + column] + 5.0 / rank * sum;
          assertEquals(expected, all[row * columns + column], 1e-5 * (1 + Math.abs(expected)));
        }
      }
      TensorRuns.assertAgree(random, tensor, all);
    }
  }

  @Test
  void aQuantizedBaseStaysInItsCodes() {
    IntegerFormat format = new IntegerFormat(4, Scheme.SYMMETRIC, Granularity.GROUP, 2);
    Tensor codes =
        QuantizedTensor.pack(format, Shape.of(1, 4), new byte[] {9, 8, 7, 15}, random(2), null)
            .withExecution(Execution.DYNAMIC_INT8);
    LowRank change = LowRank.of(1, 4, 1, 1, false, new float[] {1, 2, 3, 4}, new float[] {0.5f});
    AdaptedTensor tensor = AdaptedTensor.of(codes, change);
    float[] expected = codes.toFloats();
    for (int i = 0; i < 4; i++) {
      expected[i] += 0.5f * (i + 1);
    }
    assertArrayEquals(expected, tensor.toFloats());
    assertEquals(codes.sizeBytes() + 5 * 4, tensor.sizeBytes());
    assertEquals(codes.encoding() + " + rank 1", tensor.encoding());
    assertEquals(Execution.WEIGHT_ONLY, Execution.of(tensor), "the sum is in no codes");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRefused(
        "A must be (r, in) and B (out, r) with r at least 1, were 2 x 3 and 4 x 1",
        () ->
            new LowRank(
                FloatTensor.of(new float[6], 2, 3), FloatTensor.of(new float[4], 4, 1), 1, false));
    assertRefused(
        "alpha must be a number that float32 holds, was 1.0E300",
        () -> LowRank.of(1, 1, 1, 1e300, false, new float[1], new float[1]));
    assertRefused(
        "a change of 1 x 3 does not fit a tensor of 3 x 1",
        () ->
            AdaptedTensor.of(
                FloatTensor.of(new float[3], 3, 1),
                LowRank.of(1, 3, 1, 1, false, new float[3], new float[1])));
  }

  private static void assertRefused(String message, Runnable making) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, making::run).getMessage());
  }
}
