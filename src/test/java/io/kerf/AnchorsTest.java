package io.kerf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.compress.RoundToNearest;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.name.UnknownNameException;
import io.kerf.progress.ProgressListener;
import io.kerf.report.FootnotedTable;
import io.kerf.source.Catalogue;
import io.kerf.source.Downloads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AnchorsTest {
  private static final String TINY = TinyVariants.folder(Family.Kind.CAUSAL).toString();

  private static List<Anchor> anchors(String model, String set, String... anchors) {
    return Anchor.read(
        Json.parse(
            "[{\"set\": \"tiny\", \"model\": "
                + Json.write(model)
                + ", \"source\": \"a book\""
                + set
                + ", \"anchors\": ["
                + String.join(", ", anchors)
                + "]}]",
            "test"));
  }

  private static String anchor(String rest, double expected, double tolerance) {
    return "{\"task\": {\"text\": \"held_out\", \"window\": 16, \"windows\": 2}, \"metric\":"
        + " \"perplexity\", \"seconds\": 1, \"expected\": "
        + expected
        + ", \"tolerance\": "
        + tolerance
        + rest
        + "}";
  }

  private static FootnotedTable run(List<Anchor> anchors) {
    return Anchors.of(anchors).run(ProgressListener.NONE);
  }

  private static double perplexity(Variant variant) {
    return Kerf.evaluate(variant)
        .on(Kerf.perplexity("held_out", 16, 2))
        .run(ProgressListener.NONE)
        .entries()
        .get(0)
        .result()
        .headline()
        .value();
  }

  private static List<String> column(FootnotedTable table, String name) {
    return table.stringColumn(name).asList();
  }

  @Test
  void whatIsWithinTheToleranceAgreesAndWhatIsNotDiffers() {
    Variant dense = Kerf.load(TINY);
    double known = perplexity(dense);
    double rounded = perplexity(dense.quantize(RoundToNearest.bits(3).perChannel().asymmetric()));
    String cut = ", \"cut\": {\"round\": 3, \"asymmetric\": true}";
    FootnotedTable table =
        run(
            anchors(
                TINY,
                "",
                anchor("", known + 0.5, 1),
                anchor("", known + 2, 1),
                anchor(cut, rounded, 1e-6)));
    assertEquals(List.of("agrees", "DIFFERS", "agrees"), column(table, "verdict"));
    assertEquals(List.of("a book", "a book", "a book"), column(table, "source"));
    assertEquals(
        List.of("dense", "dense", "int3, a scale for each row, asymmetric"), column(table, "cut"));
    assertEquals("held_out, first 2 windows of 16", column(table, "task").get(0));
    assertEquals("Kerf against known numbers: 2 agree, 1 differ, 3 of 3 measured", table.name());
  }

  @Test
  void whatAnotherModelGaveIsShownAndNotJudged() {
    FootnotedTable table =
        run(anchors(TINY, ", \"incomparable\": \"of another file\"", anchor("", 1, 0.1)));
    assertEquals(List.of("not comparable: of another file"), column(table, "verdict"));
    assertFalse(column(table, "got").get(0).equals("\u2013"));
  }

  @Test
  void aModelThatIsNotHereIsAbsent() {
    FootnotedTable table = run(anchors("nobody/has-this-model", "", anchor("", 1, 0.1)));
    assertEquals(
        List.of("absent: load(\"nobody/has-this-model\") downloads it"), column(table, "verdict"));
    assertEquals(List.of("\u2013"), column(table, "got"));
    FootnotedTable other =
        run(anchors("nobody/it", ", \"incomparable\": \"of another file\"", anchor("", 1, 0.1)));
    assertEquals(
        List.of("absent: load(\"nobody/it\") downloads it; not comparable: of another file"),
        column(other, "verdict"));
  }

  @Test
  void whatTakesLongRunsWhenItsSetIsNamed() {
    List<Anchor> some = anchors(TINY, ", \"long\": true", anchor("", 1, 1e9));
    assertEquals(List.of("agrees"), column(run(some), "verdict"));
    assertTrue(some.get(0).isLong());
  }

  @Test
  void anInterruptLeavesTheRestAsNotRun() {
    Thread.currentThread().interrupt();
    FootnotedTable table = run(anchors(TINY, "", anchor("", 1, 0.1)));
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(List.of("stopped before"), column(table, "verdict"));
  }

  @Test
  void theListIsWhole() {
    assertTrue(Anchor.ALL.size() > 30);
    for (Anchor anchor : Anchor.ALL) {
      assertTrue(anchor.tolerance() > 0 && anchor.seconds() > 0, anchor::toString);
      assertEquals(
          1,
          List.of(anchor.task().at("lama"), anchor.task().at("harness"), anchor.task().at("text"))
              .stream()
              .filter(Json::present)
              .count(),
          anchor::toString);
      Variant tiny = TinyVariants.CAUSAL;
      Set<String> groups = anchor.cut().present() ? anchor.cut().fields().keySet() : Set.of();
      if (!groups.contains("group")) { // 64 columns do not divide a tiny model's
        assertEquals(anchor.cut().present() ? 1 : 0, anchor.variant(tiny).lineage().steps().size());
      }
    }
    assertEquals(
        Anchor.ALL.size(),
        Anchor.ALL.stream()
            .map(a -> List.of(a.model(), a.cutWords(), a.taskWords(), a.metric()))
            .distinct()
            .count());
  }

  @Test
  void aSetThatIsNotThereIsAnsweredByThoseThatAre() {
    var error = assertThrows(UnknownNameException.class, () -> Kerf.anchors("brt"));
    assertTrue(
        error.getMessage().startsWith("Unknown set of anchors 'brt'. Did you mean: bert? Known:"),
        error.getMessage());
  }

  @Test
  @Tag("big")
  @Tag("shared")
  void bertGivesTheKnownValuesOfLama() {
    assumeTrue(
        Files.isDirectory(Path.of(System.getProperty("kerf.shared", "../shared"))),
        "the evaluation data are absent");
    assumeTrue(
        Downloads.ofUser().has(Catalogue.find("bert-base-cased")), "bert-base-cased is absent");
    FootnotedTable table = Anchors.of("bert").run(ProgressListener.NONE);
    assertEquals(List.of("agrees"), table.stringColumn("verdict").unique().asList(), table::print);
  }
}
