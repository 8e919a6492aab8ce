package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.CategoryChart;

class ResultsTest {
  private static ResultRow row(String variant, String task, double score, double sparsity) {
    return new ResultRow(
        variant,
        task,
        "P@1",
        true,
        score,
        0.01,
        Double.NaN,
        sparsity,
        32,
        -1,
        Double.NaN,
        Double.NaN,
        -1,
        305);
  }

  private static final List<ResultRow> ROWS =
      List.of(
          row("dense", "squad", 0.141, 0),
          row("dense", "google_re", 0.13, 0),
          row("half", "squad", 0.12, 0.5),
          row("half", "google_re", 0.11, 0.5));

  @Test
  void tableLeavesOutColumnsThatNoRowKnows() {
    FootnotedTable table = ResultTable.of("Cost", ROWS, "Kerf 0.1.0");
    assertEquals(
        List.of("variant", "task", "metric", "score", "stderr", "sparsity", "bits", "n"),
        table.columnNames());
    assertEquals(4, table.rowCount());
    assertEquals("Cost", table.name());
    assertEquals("Kerf 0.1.0", table.footnote());
  }

  @Test
  void whatWasTrainedSaysHowLongAndOnHowMuch() {
    ResultRow healed =
        new ResultRow(
            "healed", "squad", "P@1", true, 0.13, 0.01, 0.011, 0, 32, 9, 99, 203.5, 40_960, 305);
    FootnotedTable details = ResultTable.of("Cost", List.of(ROWS.get(0), healed), "");
    assertEquals(203.5, details.doubleColumn("training s").get(1));
    assertEquals(40_960, details.longColumn("training tokens").get(1));
    assertTrue(details.longColumn("training tokens").isMissing(0));
    FootnotedTable table = VariantTable.of("Cost", List.of(ROWS.get(0), healed), "");
    assertEquals(203.5, table.doubleColumn("training s").get(1));
    assertEquals(40_960, table.doubleColumn("training tokens").get(1));
    assertTrue(table.doubleColumn("training s").isMissing(0));
  }

  @Test
  void barsGroupByTaskWhereThereAreSeveral() {
    CategoryChart chart = ResultChart.bars("t", ROWS);
    assertEquals(Set.of("dense", "half"), chart.getSeriesMap().keySet());
    assertEquals(List.of("squad", "google_re"), chart.getSeriesMap().get("dense").getXData());
    assertEquals(List.of(0.12, 0.11), chart.getSeriesMap().get("half").getYData());
    assertEquals("P@1", chart.getYAxisTitle());
    assertEquals(List.of(0.01, 0.01), chart.getSeriesMap().get("half").getExtraValues());
  }

  @Test
  void barsOfOneTaskStandByVariant() {
    CategoryChart chart = ResultChart.bars("t", List.of(ROWS.get(0), ROWS.get(2)));
    assertEquals(Set.of("squad"), chart.getSeriesMap().keySet());
    assertEquals(List.of("dense", "half"), chart.getSeriesMap().get("squad").getXData());
  }

  @Test
  void moreVariantsThanColoursStandAlongTheBottom() {
    List<ResultRow> rows =
        IntStream.rangeClosed(0, Theme.COLOUR_COUNT)
            .boxed()
            .flatMap(
                i ->
                    List.of(row("v" + i, "squad", .1, 0), row("v" + i, "google_re", .2, 0))
                        .stream())
            .toList();
    assertEquals(Set.of("squad", "google_re"), ResultChart.bars("t", rows).getSeriesMap().keySet());
  }

  @Test
  void aScoreThatIsMissingLeavesItsPlaceEmpty() {
    CategoryChart chart = ResultChart.bars("t", ROWS.subList(0, 3));
    List<? extends Number> half = List.copyOf(chart.getSeriesMap().get("half").getYData());
    assertTrue(Double.isNaN(half.get(1).doubleValue()));
    assertTrue(Picture.svg(chart).startsWith("<svg"));
  }
}
