package io.kerf;

import static io.kerf.Kerf.ATTENTION;
import static io.kerf.Kerf.FFN;
import static io.kerf.Kerf.int4;
import static io.kerf.Kerf.int8;
import static io.kerf.Kerf.int8Dynamic;
import static io.kerf.Kerf.last;
import static io.kerf.Kerf.magnitude;
import static io.kerf.Kerf.onnx;
import static io.kerf.Kerf.temperature;
import static io.kerf.Kerf.writtenBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.model.Lineage;
import io.kerf.model.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantTest {
  private final Variant dense = TinyVariants.MASKED;

  @Test
  void aLoadedModelIsDense() {
    assertEquals("dense", dense.label());
    assertEquals(32, dense.achieved().bitsPerWeight());
    assertEquals(List.of(), dense.lineage().steps());
  }

  @Test
  void sharesOfTheBlocksMakeCutsOfDifferentScopesEquallyLarge() {
    assertEquals(1, dense.share(ATTENTION) + dense.share(FFN), 1e-12);
    double all = dense.prune(magnitude(0.25)).achieved().sparsity();
    double ffn = dense.prune(magnitude(0.25 / dense.share(FFN)).in(FFN)).achieved().sparsity();
    assertEquals(all, ffn, 1e-3);
    assertEquals(dense.layers() - 1, dense.dropLayers(last(1)).layers());
  }

  @Test
  void aCompositionIsLabelledInItsOrder() {
    Variant cut = dense.prune(magnitude(0.2).in(ATTENTION)).quantize(int8Dynamic().in(FFN));
    assertEquals("magnitude 20% attention + int8 dynamic ffn", cut.label());
    assertEquals(
        List.of("magnitude 20% attention", "int8 dynamic ffn"),
        cut.lineage().steps().stream().map(Lineage.Step::label).toList());
    Variant other = dense.quantize(int8Dynamic().in(FFN)).prune(magnitude(0.2).in(ATTENTION));
    assertEquals("int8 dynamic ffn + magnitude 20% attention", other.label());
  }

  @Test
  void aCutLeavesTheModelAsItIsAndSharesWhatItDoesNotTouch() {
    Variant cut = dense.prune(magnitude(0.5).in(FFN));
    assertEquals(0, dense.achieved().linearZeros());
    assertTrue(cut.achieved().linearZeros() > 0);
    assertSame(
        dense.model().blocks().get(0).parameters().get(Role.QUERY),
        cut.model().blocks().get(0).parameters().get(Role.QUERY));
  }

  @Test
  void tellsWhatACutCameTo() {
    Variant cut = dense.quantize(int8Dynamic());
    assertTrue(cut.achieved().sizeBytes() < dense.achieved().sizeBytes());
    assertTrue(cut.achieved().bitsPerWeight() < 32);
    Variant shorter = dense.dropLayers(last(1));
    assertEquals(dense.achieved().layers() - 1, shorter.achieved().layers());
  }

  @Test
  void aDenseVariantIsRoundedWhenItIsWrittenInFewerBits(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    dense.saveOnnx(file);
    long whole = Files.size(file);
    dense.saveOnnx(file, onnx().int8().overwrite());
    long eight = Files.size(file);
    dense.quantize(int8()).saveOnnx(file, onnx().overwrite());
    assertEquals(eight, Files.size(file));
    assertTrue(eight < whole);
    var refused =
        assertThrows(IllegalArgumentException.class, () -> dense.saveOnnx(file, onnx().float32()));
    assertTrue(refused.getMessage().contains("onnx().overwrite()"), refused.getMessage());
    dense.saveOnnx(file, onnx().float32().overwrite());
    assertEquals(whole, Files.size(file));
  }

  @Test
  void aNameReplacesTheLabelAlone() {
    Variant named = dense.prune(magnitude(0.5)).named("half");
    assertEquals("half", named.label());
    assertEquals("magnitude 50%", named.lineage().label());
  }

  @Test
  void summaryHasARowForEachWeightAndBias() {
    var table = dense.summary();
    assertEquals(
        List.of("weight", "block", "role", "shape", "dtype", "parameters", "bytes", "sparsity"),
        table.columnNames());
    assertEquals(dense.achieved().parameters(), table.longColumn("parameters").sum());
    assertEquals(dense.achieved().sizeBytes(), table.longColumn("bytes").sum());
    assertEquals(dense.prune(magnitude(0.5)).summary().rowCount(), table.rowCount());
    int blocks = dense.achieved().layers();
    var queries =
        table.where(
            table
                .stringColumn("role")
                .isEqualTo(Role.QUERY.name())
                .and(table.stringColumn("weight").endsWith(".weight")));
    assertEquals(blocks, queries.rowCount());
    assertEquals(blocks - 1, table.intColumn("block").max());
  }

  @Test
  void isShownWithEqualBlocksFoldedAndItsWholeLineage() {
    Variant cut = dense.prune(magnitude(0.5).in(FFN));
    int blocks = dense.achieved().layers();
    for (String shown : List.of(cut.text(), cut.html())) {
      assertTrue(shown.contains("0-" + (blocks - 1)), shown);
      assertTrue(shown.contains("QUERY"), shown);
      assertTrue(shown.contains("DOWN bias"), shown);
      assertTrue(shown.contains("float32 masked"), shown);
      assertTrue(shown.contains(dense.lineage().sha256()), shown);
      assertTrue(shown.contains(dense.lineage().origin()), shown);
      assertTrue(shown.contains("1. magnitude 50% ffn: method magnitude"), shown);
    }
    assertTrue(cut.html().contains("<td>QUERY</td>"), cut.html());
    int lines = cut.text().split("\n").length;
    assertTrue(lines < 2 * dense.model().blocks().get(0).parameters().size() + 24, cut.text());
    assertEquals(
        dense.text().split("\n").length, dense.dropLayers(last(1)).text().split("\n").length - 1);
  }

  @Test
  void showsItselfWithItsStepsAndEscapesThem() {
    Variant named = dense.prune(magnitude(0.5)).named("<half>");
    assertTrue(named.text().contains("<half>"), named.text());
    assertTrue(named.text().contains("1. magnitude 50%: method magnitude"), named.text());
    assertTrue(named.html().contains("&lt;half&gt;"), named.html());
    assertFalse(named.html().contains("<half>"), named.html());
    assertEquals(named.text(), named.toString());
  }

  @Test
  void aCutThatDoesNotFitSaysWhatWould() {
    int layers = dense.achieved().layers();
    assertMessage("at least 1 must stay", () -> dense.dropLayers(last(layers)));
    assertMessage(
        "sparsity must be in [0, 1), was 50.0; for a percentage write 0.50",
        () -> dense.prune(magnitude(50)));
    assertMessage("is not a multiple of group 7", () -> dense.quantize(int4().group(7)));
  }

  @Test
  void aMaskedModelDoesNotWrite() {
    assertMessage("a causal one is needed here", () -> dense.generate("one", 3));
    assertMessage(
        "a causal one is needed here", () -> dense.sample("one", 3, temperature(1).topP(0.9)));
    assertMessage("give it a corpus", () -> writtenBy(dense));
  }

  @Test
  void aTextIsDrawnBySeed() {
    Variant causal = TinyVariants.CAUSAL;
    var drawn = temperature(1.5).seed(4);
    assertEquals(causal.sample("one two", 12, drawn), causal.sample("one two", 12, drawn));
    assertNotEquals(
        causal.sample("one two", 12, drawn), causal.sample("one two", 12, drawn.seed(5)));
    assertEquals(causal.generate("one two", 4), causal.sample("one two", 4, temperature(0)));
    assertTrue(writtenBy(causal).tokens(50).label().startsWith("50 tokens written by "));
  }

  @Test
  void aCausalModelWritesAtMostSoManyTokens() {
    Variant causal = TinyVariants.CAUSAL;
    int[] ids = causal.model().tokenizer().encode(causal.generate("one two", 4), false);
    assertTrue(ids.length <= 8, () -> ids.length + " tokens");
    assertEquals(causal.generate("one two", 4), causal.generate("one two", 4));
  }

  private static void assertMessage(String part, Runnable cut) {
    var error = assertThrows(IllegalArgumentException.class, cut::run);
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }
}
