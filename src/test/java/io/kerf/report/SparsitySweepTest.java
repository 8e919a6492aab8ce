package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;

class SparsitySweepTest {
  private static final Curve FFN =
      new Curve("ffn", List.of(new Curve.Point(.9, .1, .01), new Curve.Point(.1, .14, .02)));
  private static final Curve ALL = new Curve("all", List.of(new Curve.Point(.1, .13, .02)));
  private static final SparsitySweep SWEEP =
      new SparsitySweep(
          "t", "P@1", Optional.of(new Curve.Point(0, .15, .02)), List.of(FFN, ALL), "note");

  @Test
  void curvesBeginAtTheDenseModelAndAreSortedBySparsity() {
    XYChart chart = SWEEP.chart();
    assertEquals(Set.of("ffn", "all", "dense"), chart.getSeriesMap().keySet());
    assertArrayEquals(new double[] {0, .1, .9}, chart.getSeriesMap().get("ffn").getXData());
    assertArrayEquals(new double[] {.15, .14, .1}, chart.getSeriesMap().get("ffn").getYData());
    assertArrayEquals(new double[] {.15, .15}, chart.getSeriesMap().get("dense").getYData());
  }

  @Test
  void theTableHasAColumnForEachCurveAndGapsWhereNothingWasMeasured() {
    FootnotedTable table = SWEEP.table();
    assertEquals(List.of("sparsity", "P@1 ffn", "P@1 all"), table.columnNames());
    assertEquals(List.of(0.0, .1, .9), table.doubleColumn("sparsity").asList());
    assertEquals(List.of(.15, .14, .1), table.doubleColumn("P@1 ffn").asList());
    assertTrue(table.doubleColumn("P@1 all").isMissing(2));
    assertEquals("note", table.footnote());
  }

  @Test
  void withoutTheDenseModelThereIsNoReference() {
    SparsitySweep sweep = new SparsitySweep("t", "P@1", Optional.empty(), List.of(FFN), "");
    assertEquals(Set.of("ffn"), sweep.chart().getSeriesMap().keySet());
    assertEquals(2, sweep.table().rowCount());
  }

  @Test
  void nothingPrunedIsAnErrorThatNamesTheWayOut() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new SparsitySweep("t", "P@1", Optional.empty(), List.of(), ""));
    assertEquals(
        "no variant of this report was pruned to a sparsity, so there is no curve to draw; add for"
            + " instance dense.prune(magnitude(0.5))",
        error.getMessage());
  }
}
