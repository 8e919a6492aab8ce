package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.progress.Interrupted;
import io.kerf.tensor.Execution;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Any cut after any other. */
class CompositionTest {
  private static final List<Compression> CUTS =
      List.of(
          Magnitude.of(0.4),
          Magnitude.of(0.4).perRow().in(Scope.ATTENTION, Scope.HEAD),
          SemiStructuredMagnitude.of(2, 4).in(Scope.FFN),
          RoundToNearest.int8(),
          RoundToNearest.int4().group(8).asymmetric(),
          RoundToNearest.bits(3).group(8).in(Scope.EMBEDDINGS),
          DynamicInt8.of().in(Scope.FFN),
          LayerRemoval.maxGap(1),
          LayerRemoval.layers(0));

  private final Model dense = TinyModels.decoder(4, true);

  @Test
  void everyCutComposesWithEveryOther() {
    for (Compression first : CUTS) {
      for (Compression second : CUTS) {
        Model model = second.apply(first.apply(dense));
        assertEquals(first.label() + " + " + second.label(), model.label());
        for (Block block : model.blocks()) {
          for (Role role : block.parameters().keySet()) {
            assertTrue(Float.isFinite(block.parameter(role).weight().toFloats()[0]));
          }
        }
      }
    }
  }

  @Test
  void zerosSurviveQuantization() {
    for (Compression pruning : CUTS.subList(0, 3)) {
      for (Compression quantization : CUTS.subList(3, 7)) {
        Model pruned = pruning.apply(dense);
        Model both = quantization.apply(pruned);
        for (int block = 0; block < pruned.blocks().size(); block++) {
          for (Role role : pruned.blocks().get(block).parameters().keySet()) {
            float[] before = pruned.blocks().get(block).parameter(role).weight().toFloats();
            float[] after = both.blocks().get(block).parameter(role).weight().toFloats();
            for (int i = 0; i < before.length; i++) {
              assertTrue(before[i] != 0 || after[i] == 0, () -> both.label() + " " + role);
            }
          }
        }
        assertTrue(Achieved.of(both).linearZeros() >= Achieved.of(pruned).linearZeros());
      }
    }
  }

  @Test
  void pruningWhatIsQuantizedKeepsTheCodes() {
    Model quantized = DynamicInt8.of().apply(dense);
    Model both = Magnitude.of(0.5).perLayer().apply(quantized);
    Tensor codes = quantized.blocks().get(2).parameter(Role.UP).weight();
    Tensor masked = both.blocks().get(2).parameter(Role.UP).weight();
    assertSame(codes, ((MaskedTensor) masked).base());
    assertEquals("int8 sym channel dynamic masked", masked.encoding());
    assertEquals(Execution.DYNAMIC_INT8, Execution.of(masked));
    assertEquals(192, masked.zeros());
    assertEquals(24 * 4 + 192 + 48, masked.sizeBytes(), "scales, kept codes, a bit a weight");
    assertTrue(codes instanceof QuantizedTensor);
  }

  @Test
  void anInterruptStopsACut() {
    for (Compression cut : CUTS.subList(0, 7)) {
      Thread.currentThread().interrupt();
      assertThrows(Interrupted.class, () -> cut.apply(dense), cut.label());
    }
  }

  @Test
  void removingLayersAfterPruningKeepsThePrunedTensors() {
    Model pruned = Magnitude.of(0.5).apply(dense);
    Model both = LayerRemoval.last(2).apply(pruned);
    assertSame(pruned.blocks().get(1), both.blocks().get(1));
    assertEquals(2, both.blocks().size());
  }
}
