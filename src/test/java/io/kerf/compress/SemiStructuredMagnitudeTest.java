package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.model.Model;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SemiStructuredMagnitudeTest {
  private static final Tensor EIGHT = FloatTensor.of(new float[] {1, -2, 3, -4, 5, 5, -5, 5}, 1, 8);

  @Test
  void keepsTheLargestOfEveryGroup() {
    assertEquals("00110011", bits(2, 4), "of equal magnitudes the first goes first");
    assertEquals("00010001", bits(1, 4));
    assertEquals("00011111".length(), bits(4, 8).length());
    assertEquals("00001111", bits(4, 8));
    assertEquals("01010101", bits(1, 2));
  }

  private static String bits(int kept, int of) {
    return MagnitudeTest.bits(SemiStructuredMagnitude.of(kept, of).mask(EIGHT), 8);
  }

  @Test
  void achievesExactlyTheShareAsked() {
    Model pruned = SemiStructuredMagnitude.of(2, 8).apply(TinyModels.decoder(2, false));
    assertEquals(0.75, Achieved.of(pruned).sparsity());
    assertEquals("magnitude 2:8", pruned.label());
  }

  @Test
  void refusesColumnsThatAreNoMultiple() {
    Model model = TinyModels.decoder(2, false);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> SemiStructuredMagnitude.of(3, 6).in(Scope.FFN).apply(model));
    assertEquals(
        "model.layers.0.mlp.gate_proj: 16 columns is not a multiple of 6, as 3:6 needs; try 4 or 8",
        error.getMessage());
  }

  @Test
  void refusesToKeepAllOrNone() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> SemiStructuredMagnitude.of(4, 4));
    assertEquals(
        "N:M keeps N of every M weights and needs 1 <= N < M, was 4:4; 2:4 keeps 2 of every 4",
        error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> SemiStructuredMagnitude.of(0, 4));
  }
}
