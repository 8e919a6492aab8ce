package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.train.TrainingStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class LossChartTest {
  private static List<TrainingStep> run(double... losses) {
    List<TrainingStep> steps = new ArrayList<>();
    for (double loss : losses) {
      int step = steps.size() + 1;
      steps.add(new TrainingStep(step, 100L * step, loss, 3e-4 / step, 1, 0.5));
    }
    return steps;
  }

  @Test
  void drawsEachStepItsAverageAndTheLearningRate() {
    XYChart chart = LossChart.of("one", run(5, 4));
    assertArrayEquals(new double[] {5, 4}, chart.getSeriesMap().get("each step").getYData(), 1e-12);
    assertArrayEquals(new double[] {100, 200}, chart.getSeriesMap().get("each step").getXData(), 0);
    assertArrayEquals(
        new double[] {5, (0.9 * 5 + 4) / 1.9},
        chart.getSeriesMap().get("average, decay 0.9").getYData(),
        1e-12);
    XYSeries rate = chart.getSeriesMap().get("learning rate, 1e-4");
    assertArrayEquals(new double[] {3, 1.5}, rate.getYData(), 1e-9);
    assertEquals(1, rate.getYAxisGroup());
    assertTrue(Picture.svg(chart).contains("<svg"));
  }

  @Test
  void aLossThatIsNoNumberIsLeftOut() {
    XYChart chart = LossChart.of("one", run(5, Double.NaN, Double.POSITIVE_INFINITY, 3));
    assertArrayEquals(new double[] {5, 3}, chart.getSeriesMap().get("each step").getYData(), 0);
    assertTrue(Picture.png(chart).length > 0);
  }

  @Test
  void oneStepIsAlreadyAPicture() {
    assertTrue(Picture.png(LossChart.of("one", run(5))).length > 0);
  }

  @Test
  void aLongRunIsDrawnByItsExtremes() {
    double[] losses = DoubleStream.iterate(0, i -> i + 1).map(Math::sin).limit(50_000).toArray();
    losses[31_415] = 7;
    losses[27_182] = -7;
    double[] drawn = LossChart.of("one", run(losses)).getSeriesMap().get("each step").getYData();
    assertTrue(drawn.length <= 600, "points: " + drawn.length);
    assertEquals(7, DoubleStream.of(drawn).max().orElseThrow());
    assertEquals(-7, DoubleStream.of(drawn).min().orElseThrow());
  }

  @Test
  void runsStandSideBySide() {
    Map<String, List<TrainingStep>> runs = new LinkedHashMap<>();
    runs.put("max-gap", run(5, 4, 3));
    runs.put("input", run(6, 5));
    runs.put("stopped", List.of());
    XYChart chart = LossChart.of(runs);
    assertTrue(chart.getSeriesMap().containsKey("max-gap, average"));
    assertArrayEquals(
        new double[] {6, 5}, chart.getSeriesMap().get("input, each step").getYData(), 0);
    assertFalse(chart.getSeriesMap().containsKey("stopped"));
    assertEquals(
        2, chart.getSeriesMap().values().stream().filter(XYSeries::isShowInLegend).count());
    assertTrue(Picture.png(chart).length > 0);
  }

  @Test
  void refusesRunsWithoutALoss() {
    assertEquals(
        "chart 'Training loss': no run of [a] has a step with a finite loss",
        assertThrows(
                IllegalArgumentException.class, () -> LossChart.of(Map.of("a", run(Double.NaN))))
            .getMessage());
    assertEquals(
        "chart 'a': none of 0 steps has a finite loss",
        assertThrows(IllegalArgumentException.class, () -> LossChart.of("a", List.of()))
            .getMessage());
  }
}
