package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model that runs one block three times. */
class SharedWeightsTest {
  private static final int LINEAR = 4 * 256 + 2 * 384;

  private final Model dense = TinyModels.repeated(3);

  @Test
  void aTensorWithSeveralPlacesCountsOnce() {
    assertEquals(160 + LINEAR + 4 * 16, dense.elements(), "token embedding, block, its biases");
    assertEquals(4 * dense.elements(), dense.sizeBytes());
    Achieved achieved = Achieved.of(dense);
    assertEquals(3, achieved.layers());
    assertEquals(LINEAR, achieved.linearWeights());
    assertEquals(4 * LINEAR, achieved.linearBytes());
    assertEquals(1 + 6 + 4, WeightSummary.of(dense).size(), "weights and biases");
  }

  @Test
  void aCutWorksOnASharedMatrixOnceAndKeepsItShared() {
    Model cut = Magnitude.of(0.5).in(Scope.FFN).apply(dense);
    Tensor first = cut.blocks().get(0).parameter(Role.UP).weight();
    assertNotSame(dense.blocks().get(0).parameter(Role.UP).weight(), first);
    for (Block block : cut.blocks()) {
      assertSame(first, block.parameter(Role.UP).weight());
      assertSame(
          dense.blocks().get(0).parameter(Role.QUERY), block.parameter(Role.QUERY), "untouched");
    }
    Achieved achieved = Achieved.of(cut);
    assertEquals(384, achieved.linearZeros(), "half of two matrices of 384, counted once");
    assertEquals("0.5", cut.lineage().steps().get(0).settings().get("achieved sparsity"));
    Model both = RoundToNearest.int8().apply(cut);
    assertEquals(LINEAR, Achieved.of(both).linearWeights());
    assertSame(
        both.blocks().get(1).parameter(Role.DOWN).weight(),
        both.blocks().get(2).parameter(Role.DOWN).weight());
  }

  @Test
  void removingALayerDropsARepetitionAndNoWeight() {
    Model shorter = LayerRemoval.last(1).apply(dense);
    assertEquals(2, shorter.blocks().size());
    assertEquals(dense.elements(), shorter.elements());
    assertEquals(List.of(0, 1), shorter.blocks().stream().map(Block::origin).toList());
  }
}
