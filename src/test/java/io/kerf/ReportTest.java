package io.kerf;

import static io.kerf.Kerf.ALL;
import static io.kerf.Kerf.FFN;
import static io.kerf.Kerf.evaluate;
import static io.kerf.Kerf.int8Dynamic;
import static io.kerf.Kerf.last;
import static io.kerf.Kerf.magnitude;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Task;
import io.kerf.name.UnknownNameException;
import io.kerf.progress.ProgressListener;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class ReportTest {
  private static final Variant DENSE = TinyVariants.MASKED;
  private static final Task FACTS = TinyVariants.facts();
  private static final Variant HALF = DENSE.prune(magnitude(0.5).in(FFN));
  private static final Variant MOST = DENSE.prune(magnitude(0.9).in(FFN));
  private static final Variant EVERYWHERE = DENSE.prune(magnitude(0.5).in(ALL));
  private static final Variant BOTH = HALF.quantize(int8Dynamic());

  private static final Report REPORT =
      evaluate(DENSE, MOST, HALF, EVERYWHERE, BOTH).on(FACTS).run(ProgressListener.NONE);

  private static double score(Variant variant) {
    return REPORT.result(variant, FACTS.name()).headline().value();
  }

  @Test
  void tableHasARowForEachVariantAndPlainColumnsForOneTask() {
    Table table = REPORT.table();
    assertEquals(
        List.of("variant", "P@1", "\u00b1", "drop", "sparsity", "bits", "MB", "tokens/s"),
        table.columnNames());
    assertEquals(
        List.of(
            "dense",
            "magnitude 90% ffn",
            "magnitude 50% ffn",
            "magnitude 50%",
            "magnitude 50% ffn + int8 dynamic"),
        table.stringColumn("variant").asList());
    assertTrue(table.name().endsWith(", " + FACTS.name()), table.name());
  }

  @Test
  void variantsOfOneLabelAreToldApart() {
    Variant again = DENSE.prune(magnitude(0.5).in(FFN));
    Report report = evaluate(DENSE, HALF, again).on(FACTS).run(ProgressListener.NONE);
    assertEquals(
        List.of("dense", "magnitude 50% ffn", "magnitude 50% ffn (2)"),
        report.table().stringColumn("variant").asList());
    assertEquals(3, report.speedChart().getSeriesMap().get("tokens/s").getXData().size());
  }

  @Test
  void dropIsWhatIsLostAgainstTheFirstVariant() {
    Table table = REPORT.table();
    assertTrue(table.doubleColumn("drop").isMissing(0));
    assertEquals(score(DENSE) - score(MOST), table.doubleColumn("drop").get(1), 1e-12);
  }

  @Test
  void perplexityRisesWhereItGetsWorse() {
    Variant dense = TinyVariants.CAUSAL;
    Variant cut = dense.dropLayers(last(1));
    Task text = TinyVariants.text();
    Report report = evaluate(dense, cut).on(text).run(ProgressListener.NONE);
    Table table = report.table();
    assertTrue(table.columnNames().contains("rise"), () -> table.columnNames().toString());
    double before = report.result(dense, text.name()).headline().value();
    double after = report.result(cut, text.name()).headline().value();
    assertEquals(after - before, table.doubleColumn("rise").get(1), 1e-9);
  }

  @Test
  void sizeAndSparsityAreTheAchievedOnes() {
    Table table = REPORT.table();
    assertEquals(HALF.achieved().sparsity(), table.doubleColumn("sparsity").get(2));
    assertEquals(BOTH.achieved().bitsPerWeight(), table.doubleColumn("bits").get(4));
    assertEquals(DENSE.achieved().sizeBytes() / 1e6, table.doubleColumn("MB").get(0));
  }

  @Test
  void detailsHaveEveryMeasure() {
    Table details = REPORT.details();
    int measures = REPORT.result(DENSE, FACTS.name()).measures().size();
    assertEquals(measures * REPORT.entries().size(), details.rowCount());
    assertTrue(details.stringColumn("metric").asList().contains("MRR"));
  }

  @Test
  void sparsityIsDrawnForVariantsThatWereOnlyPruned() {
    var chart = REPORT.sparsityChart(FACTS.name());
    assertEquals(Set.of("ffn", "all", "dense"), chart.getSeriesMap().keySet());
    assertArrayEquals(new double[] {0, .5, .9}, chart.getSeriesMap().get("ffn").getXData());
    assertArrayEquals(
        new double[] {score(DENSE), score(HALF), score(MOST)},
        chart.getSeriesMap().get("ffn").getYData());
    assertArrayEquals(
        new double[] {score(DENSE), score(EVERYWHERE)}, chart.getSeriesMap().get("all").getYData());
  }

  @Test
  void theFiguresNumbersAreATable() {
    Table table = REPORT.sparsityTable(FACTS.name());
    assertEquals(List.of("sparsity", "P@1 ffn", "P@1 all"), table.columnNames());
    assertEquals(3, table.rowCount());
  }

  @Test
  void aTaskThatWasNotMeasuredIsAnsweredByThoseThatWere() {
    var error = assertThrows(UnknownNameException.class, () -> REPORT.sparsityChart("fact"));
    assertEquals(
        "Unknown task of this report 'fact'. Did you mean: facts? Known: " + FACTS.name(),
        error.getMessage());
  }

  @Test
  void chartsHaveABarForEachVariant() {
    List<String> labels = List.copyOf(REPORT.table().stringColumn("variant").asList());
    assertEquals(labels, List.copyOf(REPORT.chart().getSeriesMap().get(FACTS.name()).getXData()));
    assertEquals(
        labels, List.copyOf(REPORT.speedChart().getSeriesMap().get("tokens/s").getXData()));
  }

  @Test
  void saysWhatItStandsOn() {
    String foot = REPORT.standsOn();
    assertTrue(foot.contains("sha256 " + DENSE.lineage().sha256().substring(0, 12)), foot);
    assertTrue(foot.contains(REPORT.result(DENSE, FACTS.name()).standsOn()), foot);
    assertTrue(foot.endsWith("Kerf " + Kerf.VERSION), foot);
    assertEquals(foot, REPORT.table().footnote());
  }
}
