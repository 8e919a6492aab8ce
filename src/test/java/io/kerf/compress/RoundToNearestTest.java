package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundToNearestTest {
  private static Tensor row(float... values) {
    return FloatTensor.of(values, 1, values.length);
  }

  private static int[] codes(QuantizedTensor tensor) {
    int[] codes = new int[(int) tensor.shape().elements()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = tensor.code(i);
    }
    return codes;
  }

  @Test
  void symmetricByHand() {
    // absmax 7, so scale 7 / (2^3 - 1) = 1; halves go to even
    QuantizedTensor q =
        RoundToNearest.bits(4).perChannel().quantize(row(7, -7, 0.5f, 1.5f, -2.5f, 0.4f, 0));
    assertEquals(1f, q.scale(0));
    assertEquals(0, q.zero(0));
    assertArrayEquals(new int[] {7, -7, 0, 2, -2, 0, 0}, codes(q));
    assertArrayEquals(new float[] {7, -7, 0, 2, -2, 0, 0}, q.toFloats());
  }

  @Test
  void asymmetricByHand() {
    // the range [-1, 2] in 4 codes: scale 1, zero point 1
    QuantizedTensor q =
        RoundToNearest.bits(2).perTensor().asymmetric().quantize(row(-1, 2, 0, 0.6f));
    assertEquals(1f, q.scale(0));
    assertEquals(1, q.zero(0));
    assertArrayEquals(new int[] {0, 3, 1, 2}, codes(q));
    assertArrayEquals(new float[] {-1, 2, 0, 1}, q.toFloats());
  }

  @Test
  void fullRangeByHand() {
    // absmax 3 in 4 codes: scale 2 * 3 / 3 = 2, zero point 2
    QuantizedTensor q =
        RoundToNearest.bits(2).perChannel().symmetricFullRange().quantize(row(3, -3, 0, 2));
    assertEquals(2f, q.scale(0));
    assertEquals(2, q.zero(0));
    assertArrayEquals(new int[] {3, 0, 2, 3}, codes(q), "3 / 2 = 1.5 goes to 2, clamped to 3");
    assertArrayEquals(new float[] {2, -4, 0, 2}, q.toFloats());
  }

  @Test
  void aGroupOfZerosHasScaleOne() {
    QuantizedTensor q = RoundToNearest.int4().group(2).quantize(row(0, 0, 7, 0));
    assertEquals(1f, q.scale(0));
    assertArrayEquals(new float[] {0, 0, 7, 0}, q.toFloats());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void zerosSurviveAndErrorsStayWithinHalfAStep(int bits) {
    Random random = new Random(bits);
    float[] values = new float[5 * 33];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextGaussian() + 1;
    }
    Tensor weight = FloatTensor.of(values, 5, 33);
    for (RoundToNearest rounding :
        List.of(
            RoundToNearest.bits(bits).perTensor(),
            RoundToNearest.bits(bits).perChannel().asymmetric(),
            RoundToNearest.bits(bits).group(8).asymmetric(),
            RoundToNearest.bits(bits).group(8))) {
      QuantizedTensor q = rounding.quantize(weight);
      float[] rounded = q.toFloats();
      for (int i = 0; i < values.length; i++) {
        if (values[i] == 0) {
          assertEquals(0f, rounded[i]);
        }
        int group =
            q.groups() == 1
                ? 0
                : i / 33 * q.format().groupsPerRow(33) + i % 33 / q.format().groupColumns(33);
        assertEquals(values[i], rounded[i], 0.51f * q.scale(group), rounding.label());
      }
    }
  }

  @Test
  void bytesCountCodesScalesAndZeroPoints() {
    Tensor weight = TinyModels.random(new Random(1), 8, 64);
    assertEquals(512 / 2 + 16 * 4, RoundToNearest.int4().group(32).quantize(weight).sizeBytes());
    QuantizedTensor asym = RoundToNearest.int4().group(32).asymmetric().quantize(weight);
    assertEquals(512 / 2 + 16 * 5, asym.sizeBytes());
    assertEquals(4 + 40 / 32.0, asym.bitsPerElement());
    assertEquals(
        512 * 3 / 8 + 8 * 4, RoundToNearest.bits(3).perChannel().quantize(weight).sizeBytes());
  }

  @Test
  void quantizesAScopeAndSharesTheRest() {
    Model dense = TinyModels.decoder(2, true);
    Model quantized = RoundToNearest.int4().group(8).asymmetric().in(Scope.FFN).apply(dense);
    assertEquals("int4 g8 asym ffn", quantized.label());
    assertSame(
        dense.blocks().get(1).parameter(Role.QUERY),
        quantized.blocks().get(1).parameter(Role.QUERY));
    var down = quantized.blocks().get(1).parameter(Role.DOWN);
    assertEquals("int4 asym group 8", down.weight().encoding());
    assertSame(dense.blocks().get(1).parameter(Role.DOWN).bias(), down.bias());
    var settings = quantized.lineage().steps().get(0).settings();
    assertEquals("4", settings.get("bits"));
    assertEquals("8", settings.get("group"));
    assertEquals("9", settings.get("achieved bits per weight"), "4 + 40 / 8");
    assertEquals("2592", settings.get("achieved bytes"), "2 x 3 matrices of 384 weights");
  }

  @Test
  void labelsAreShort() {
    assertEquals("int8", RoundToNearest.int8().label());
    assertEquals("int8 tensor asym", RoundToNearest.int8().perTensor().asymmetric().label());
    assertEquals("int4 g64", RoundToNearest.int4().label());
    assertEquals("int3 channel", RoundToNearest.bits(3).perChannel().label());
    assertEquals("int8 dynamic ffn", DynamicInt8.of().in(Scope.FFN).label());
  }

  @Test
  void refusesAGroupThatDoesNotDivideColumns() {
    Model model = TinyModels.decoder(1, false);
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> RoundToNearest.int4().group(6).apply(model));
    assertEquals(
        "model.layers.0.self_attn.q_proj: 16 columns is not a multiple of group 6; try 4 or 8, or allowShortGroup()",
        error.getMessage());
    Model allowed = RoundToNearest.int4().group(6).allowShortGroup().apply(model);
    assertEquals(
        "int4 sym group 6", allowed.blocks().get(0).parameter(Role.QUERY).weight().encoding());
  }

  @Test
  void suggestsGroupsThatWouldDivide() {
    assertEquals("try 64 or 128", Divisors.suggest(3072, 100, "perChannel()"));
    assertEquals("try 64", Divisors.suggest(576, 128, "perChannel()"));
    assertEquals("try perChannel()", Divisors.suggest(45, 10, "perChannel()"));
  }

  @Test
  void refusesWidthsAndGroupsThatAreNone() {
    assertMessage("bits must be in [2, 8], was 9", () -> RoundToNearest.bits(9));
    assertMessage("bits must be in [2, 8], was 1", () -> RoundToNearest.bits(1));
    assertMessage(
        "group must be at least 1 column, was 0; usual are 32, 64 and 128",
        () -> RoundToNearest.int4().group(0));
    assertMessage(
        "embeddings are looked up, not multiplied, so there is nothing to quantize dynamically;"
            + " use int8().in(EMBEDDINGS)",
        () -> DynamicInt8.of().in(Scope.EMBEDDINGS));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesWeightsThatAreNotFinite(float bad) {
    for (RoundToNearest rounding :
        List.of(RoundToNearest.int8(), RoundToNearest.int8().perTensor().asymmetric())) {
      assertMessage(
          "matrix of 1 x 3: a weight is infinite or not a number; quantization needs finite weights",
          () -> rounding.quantize(row(1, bad, 2)));
    }
  }

  private static void assertMessage(String message, Runnable action) {
    var error = assertThrows(IllegalArgumentException.class, action::run);
    assertEquals(message, error.getMessage());
  }
}
