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

/** Masked and quantized tensors: every run reads what the whole says. */
class CompactTensorTest {
  private final Random random = new Random(5);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 4098})
  void maskedRunsReadWhatTheMaskKeeps(int columns) {
    float[] values = new float[3 * columns];
    long[] words = new long[BitMask.words(values.length)];
    float[] expected = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
      if (random.nextBoolean()) {
        words[i / 64] |= 1L << i;
        expected[i] = values[i];
      }
    }
    BitMask mask = BitMask.wrap(values.length, words);
    MaskedTensor tensor = MaskedTensor.of(FloatTensor.of(values, 3, columns), mask);
    assertArrayEquals(expected, tensor.toFloats());
    assertEquals(values.length - mask.kept(), tensor.zeros());
    TensorRuns.assertAgree(random, tensor, expected);
  }

  @Test
  void zerosOfTheBaseCountOnce() {
    FloatTensor base = FloatTensor.of(new float[] {0, 1, -0f, 3}, 1, 4);
    MaskedTensor tensor = MaskedTensor.of(base, BitMask.wrap(4, new long[] {0b0111}));
    assertEquals(2, base.zeros());
    assertEquals(3, tensor.zeros());
  }

  @Test
  void aMaskOverAMaskIsOneMask() {
    FloatTensor base = FloatTensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    MaskedTensor once = MaskedTensor.of(base, BitMask.wrap(4, new long[] {0b1101}));
    MaskedTensor twice = MaskedTensor.of(once, BitMask.wrap(4, new long[] {0b0111}));
    assertSame(base, twice.base());
    assertArrayEquals(new float[] {1, 0, 3, 0}, twice.toFloats());
    assertEquals(1 + 2 * 4, twice.sizeBytes());
  }

  @Test
  void aMaskThatDoesNotFitIsRefused() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                MaskedTensor.of(FloatTensor.of(new float[4], 2, 2), BitMask.wrap(3, new long[1])));
    assertEquals(
        "a mask of 3 elements does not fit a tensor of 2 x 2, which has 4", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> BitMask.wrap(3, new long[] {0b1000}));
    assertThrows(IllegalArgumentException.class, () -> BitMask.wrap(65, new long[1]));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void codesOfEveryWidthComeBack(int bits) {
    for (int columns : new int[] {1, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65}) {
      Shape shape = Shape.of(3, columns);
      IntegerFormat format = new IntegerFormat(bits, Scheme.ASYMMETRIC, Granularity.GROUP, 16);
      byte[] offsets = new byte[3 * columns];
      float[] scales = new float[format.groups(shape)];
      byte[] zeros = new byte[scales.length];
      for (int i = 0; i < offsets.length; i++) {
        offsets[i] = (byte) random.nextInt(1 << bits);
      }
      for (int i = 0; i < scales.length; i++) {
        scales[i] = random.nextFloat();
        zeros[i] = (byte) random.nextInt(1 << bits);
      }
      QuantizedTensor tensor = QuantizedTensor.pack(format, shape, offsets, scales, zeros);
      float[] expected = new float[offsets.length];
      for (int i = 0; i < expected.length; i++) {
        int group = i / columns * format.groupsPerRow(columns) + i % columns / 16;
        assertEquals(offsets[i] & 0xff, tensor.code(i));
        expected[i] = ((offsets[i] & 0xff) - (zeros[group] & 0xff)) * scales[group];
      }
      assertArrayEquals(expected, tensor.toFloats());
      TensorRuns.assertAgree(random, tensor, expected);
    }
  }

  @Test
  void codesScalesAndZerosMustFit() {
    IntegerFormat format = new IntegerFormat(4, Scheme.SYMMETRIC, Granularity.CHANNEL, 0);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                QuantizedTensor.pack(
                    format, Shape.of(2, 3), new byte[6], new float[2], new byte[2]));
    assertEquals(
        "int4 sym channel of 2 x 3 needs 6 codes and 2 scales, got 6 and 2;"
            + " zero points go with the asymmetric scheme alone",
        error.getMessage());
  }

  @Test
  void aTensorAsksForItsExecutionThroughAMask() {
    IntegerFormat format = new IntegerFormat(8, Scheme.SYMMETRIC, Granularity.TENSOR, 0);
    QuantizedTensor plain =
        QuantizedTensor.pack(format, Shape.of(1, 1), new byte[1], new float[] {1}, null);
    QuantizedTensor dynamic = plain.withExecution(Execution.DYNAMIC_INT8);
    assertEquals(Execution.WEIGHT_ONLY, Execution.of(plain));
    assertEquals(
        Execution.DYNAMIC_INT8,
        Execution.of(MaskedTensor.of(dynamic, BitMask.wrap(1, new long[1]))));
    assertEquals(Execution.WEIGHT_ONLY, Execution.of(FloatTensor.of(new float[] {1}, 1, 1)));
  }
}
