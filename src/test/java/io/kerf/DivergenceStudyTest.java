package io.kerf;

import static io.kerf.Kerf.diverge;
import static io.kerf.Kerf.int8;
import static io.kerf.Kerf.last;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.divergence.Divergence;
import io.kerf.model.Family;
import io.kerf.model.Stack;
import io.kerf.progress.ProgressListener;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

class DivergenceStudyTest {
  private static final Path TEXT = Path.of("datasets/text/held-out.txt");
  private static final Variant DENSE = TinyVariants.CAUSAL;
  private static final Variant ROUNDED = DENSE.quantize(int8());
  private static final Variant CUT = DENSE.dropLayers(last(1));
  private static final DivergenceStudy STUDY = diverge(DENSE, ROUNDED, CUT).on(TEXT, 24, 5);
  private static final DivergenceReport REPORT = STUDY.run(ProgressListener.NONE);

  @Test
  void aRowForEachVariantWithItsOwnNumbers() {
    Table table = REPORT.table();
    assertEquals(List.of(ROUNDED.label(), CUT.label()), table.stringColumn("variant").asList());
    Divergence cut = REPORT.divergence(CUT);
    assertEquals(cut.mean(), table.doubleColumn("KL nats").get(1), 0);
    assertEquals(cut.meanBounds().low(), table.doubleColumn("KL from").get(1), 0);
    assertEquals(cut.sameTop(), table.doubleColumn("same top").get(1), 0);
    assertEquals(cut.variantEntropy(), table.doubleColumn("entropy").get(1), 0);
    assertEquals(
        table.doubleColumn("entropy dense").get(0), table.doubleColumn("entropy dense").get(1));
    assertEquals(ROUNDED.achieved().bitsPerWeight(), table.doubleColumn("bits").get(0), 0);
    assertEquals(5 * 24, table.longColumn("positions").get(0));
    assertTrue(REPORT.divergence(ROUNDED).mean() < cut.mean(), "a layer is worth more than digits");
    assertTrue(REPORT.complete());
    assertTrue(REPORT.html().contains("How far from dense"));
    assertTrue(REPORT.text().contains("after every token; 5 of 5 windows of 24 tokens"));
  }

  @Test
  void barsHaveTheSameHeights() {
    var bars = REPORT.chart().getSeriesMap().get("KL(dense || variant)");
    assertEquals(List.of(ROUNDED.label(), CUT.label()), List.copyOf(bars.getXData()));
  }

  @Test
  void theFarthestPositionsAreShownInTheirText() {
    Table table = REPORT.farthest(CUT);
    assertEquals(
        List.of("after", "in the text", "dense says", "variant says", "KL nats"),
        table.columnNames());
    assertEquals(10, table.rowCount());
    table.stringColumn("after").forEach(text -> assertFalse(text.contains("\n"), text));
    table.stringColumn("dense says").forEach(text -> assertFalse(text.contains(" "), text));
    assertEquals(
        REPORT.divergence(CUT).farthest().get(0).divergence(),
        table.doubleColumn("KL nats").get(0),
        0);
  }

  @Test
  void everyKindOfModelIsCompared() {
    Variant masked = TinyVariants.MASKED;
    Variant both = Kerf.load(TinyVariants.folder(Family.Kind.ENCODER_DECODER));
    DivergenceReport ofMasked =
        diverge(masked, masked.dropLayers(last(1))).on(TEXT, 24, 3).run(ProgressListener.NONE);
    DivergenceReport ofBoth =
        diverge(both, both.dropLayers(last(1).in(Stack.DECODER)))
            .on(TEXT, 40, 3)
            .seed(5)
            .run(ProgressListener.NONE);
    assertTrue(ofMasked.table().doubleColumn("KL nats").get(0) > 0);
    assertTrue(ofMasked.text().contains("masked by seed 1"), ofMasked.text());
    assertTrue(ofBoth.table().doubleColumn("KL nats").get(0) > 0);
    assertTrue(ofBoth.text().contains("hidden in spans by seed 5"), ofBoth.text());
    Table farthest = ofBoth.farthest(ofBoth.study().variants().get(0));
    for (String column : List.of("in the text", "dense says", "variant says")) {
      assertEquals(0, farthest.stringColumn(column).countMissing(), column);
    }
  }

  @Test
  void anInterruptKeepsTheWindowsThatWereDone() {
    ProgressListener stopsAtOnce =
        (label, total, unit) -> units -> Thread.currentThread().interrupt();
    DivergenceReport report = STUDY.run(stopsAtOnce);
    assertFalse(Thread.currentThread().isInterrupted());
    assertFalse(report.complete());
    assertTrue(report.text().contains("Stopped before the end"), report.text());
    assertTrue(report.text().contains("1 of 5 windows"), report.text());
    Thread.currentThread().interrupt();
    DivergenceReport none = STUDY.run(ProgressListener.NONE);
    assertEquals(0, none.table().rowCount());
    assertTrue(none.text().contains("0 of 5 windows"), none.text());
  }

  @Test
  void whatCannotBeComparedIsAnError() {
    assertEquals(
        "nothing to compare: name the dense model and at least one variant of it",
        message(() -> diverge(DENSE)));
    assertEquals(
        "no text to compare over: name one, for instance .on(\"held_out\", 128, 8)",
        message(() -> diverge(DENSE, CUT).run()));
    Variant other = TinyVariants.MASKED;
    assertEquals(
        "'dense' of "
            + other.lineage().name()
            + " has another tokenizer than "
            + DENSE.lineage().name()
            + ": only variants of one model can be compared",
        message(() -> diverge(DENSE, other)));
    assertEquals("'dense' was not compared", message(() -> REPORT.divergence(other)));
    assertTrue(message(() -> STUDY.on("wikitext", 24, 5)).startsWith("Unknown text 'wikitext'"));
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
