package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kerf.model.Model;
import io.kerf.model.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class AchievedTest {
  private final Model dense = TinyModels.decoder(2, true);
  private final int linear = 2 * (4 * 256 + 3 * 384);

  @Test
  void measuresADenseModel() {
    Achieved achieved = Achieved.of(dense);
    assertEquals(2, achieved.layers());
    assertEquals(linear, achieved.linearWeights());
    assertEquals(0, achieved.sparsity());
    assertEquals(32, achieved.bitsPerWeight());
    assertEquals(linear + 160 + 16 + 2 * (16 + 16 + 16), achieved.parameters());
    assertEquals(4 * achieved.parameters(), achieved.sizeBytes());
  }

  @Test
  void aPrunedWeightTakesItsKeptValuesAndABit() {
    Achieved achieved = Achieved.of(Magnitude.of(0.5).perLayer().apply(dense));
    assertEquals(0.5, achieved.sparsity());
    assertEquals(17, achieved.bitsPerWeight());
  }

  @Test
  void summaryListsEveryWeightAndBias() {
    List<WeightSummary> all = WeightSummary.of(Magnitude.of(0.5).in(Scope.FFN).apply(dense));
    assertEquals(dense.elements(), all.stream().mapToLong(WeightSummary::parameters).sum());
    List<WeightSummary> rows = all.stream().filter(row -> !row.bias()).toList();
    assertEquals(2 + 2 * 9, rows.size());
    WeightSummary down = rows.get(rows.size() - 1);
    assertEquals(Role.DOWN, down.role());
    assertEquals(1, down.block());
    assertEquals("16 x 24", down.shape().toString());
    assertEquals("float32 masked", down.encoding());
  }
}
