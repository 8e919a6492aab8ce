package io.kerf.eval.divergence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.compress.LayerRemoval;
import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Tokens;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Stack;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Divergences of torch in double precision, by src/test/reference/make_measures.py. */
class ComparisonTest {
  private static final Path MEASURES = Fixtures.root().resolve("measures");

  @TestFactory
  Stream<DynamicTest> givesTorchsDivergences() {
    assumeTrue(Files.isDirectory(MEASURES), "the set has no measures");
    return Fixtures.cases("measures", "*.json").stream()
        .map(file -> dynamicTest(file.getFileName().toString(), () -> check(Json.read(file))));
  }

  private static void check(Json golden) {
    Model dense = model(golden.at("model").text());
    List<Json> windows = golden.at("divergence").items();
    assertFalse(windows.isEmpty());
    List<Passage> passages = windows.stream().map(ComparisonTest::passage).toList();
    Divergence found = compare(dense, withoutItsLastBlock(dense), passages);
    double farthest = 0;
    for (int w = 0; w < windows.size(); w++) {
      double[] kl = windows.get(w).at("kl").numbers();
      Divergence.Sums sums = found.passages().get(w);
      assertEquals(kl.length, sums.positions());
      assertEquals(sum(kl), sums.divergence(), 1e-4 * kl.length);
      assertEquals(
          sum(windows.get(w).at("entropy").numbers()), sums.denseEntropy(), 1e-4 * kl.length);
      assertEquals(
          sum(windows.get(w).at("entropy_cut").numbers()), sums.variantEntropy(), 1e-4 * kl.length);
      assertEquals(
          windows.get(w).at("same_top").items().stream().filter(Json::bool).count(),
          sums.sameTop());
      farthest = Math.max(farthest, Arrays.stream(kl).max().orElseThrow());
    }
    Parting first = found.farthest().get(0);
    assertEquals(farthest, first.divergence(), 1e-4);
    assertEquals(
        farthest, windows.get(first.passage()).at("kl").at(first.position()).number(), 1e-12);
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static Passage passage(Json window) {
    if (window.at("positions").present()) {
      int[] positions = window.at("positions").integers();
      return new Passage.Masked(
          Tokens.of(window.at("ids").integers()),
          Tokens.of(positions),
          Tokens.of(new int[positions.length]));
    }
    if (window.at("context").present()) {
      int[] decoded = window.at("decoded").integers();
      int[] written = Arrays.copyOfRange(decoded, 1, decoded.length + 1); // behind the start token
      return new Passage.Spans(Tokens.of(window.at("context").integers()), Tokens.of(written));
    }
    return new Passage.Causal(Tokens.of(window.at("ids").integers()));
  }

  private static Model model(String name) {
    Path folder = Fixtures.root().resolve("models").resolve(name);
    assumeTrue(Files.isDirectory(folder), "the set has values of " + name + " but not its weights");
    return ModelReader.read(folder);
  }

  private static Model withoutItsLastBlock(Model model) {
    LayerRemoval last = LayerRemoval.last(1);
    boolean both = model.config().family().kind() == Family.Kind.ENCODER_DECODER;
    return (both ? last.in(Stack.DECODER) : last).apply(model);
  }

  private static Divergence compare(Model dense, Model cut, List<Passage> passages) {
    try (Session a = Session.open(dense, WeightFormat.FLOAT32);
        Session b = Session.open(cut, WeightFormat.FLOAT32)) {
      return Comparison.of(a, List.of(b)).on(passages, ProgressListener.NONE).get(0);
    }
  }

  private static Model first(Family.Kind kind) {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .filter(model -> model.config().family().kind() == kind && model.blocks().size() > 1)
        .findFirst()
        .orElseThrow();
  }

  private static List<Passage> passages(Model model, int windows) {
    String text = "The saw turns wood to dust; what is left of it is called a kerf. ".repeat(40);
    return Passages.of(model, 3).of("text", text, 24, windows);
  }

  @Test
  void aModelDoesNotPartFromItself() {
    for (Family.Kind kind : Family.Kind.values()) {
      Model model = first(kind);
      Divergence found = compare(model, model, passages(model, 3));
      assertEquals(0, found.mean(), 0, kind::toString);
      assertEquals(1, found.sameTop(), 0);
      assertEquals(found.denseEntropy(), found.variantEntropy(), 0);
      assertEquals(3, found.passages().size());
    }
  }

  @Test
  void severalVariantsGetWhatEachGetsAlone() {
    Model dense = first(Family.Kind.CAUSAL);
    Model cut = withoutItsLastBlock(dense);
    List<Passage> passages = passages(dense, 4);
    try (Session a = Session.open(dense, WeightFormat.FLOAT32);
        Session b = Session.open(cut, WeightFormat.FLOAT32)) {
      List<Divergence> both = Comparison.of(a, List.of(a, b)).on(passages, ProgressListener.NONE);
      assertEquals(0, both.get(0).mean(), 0);
      assertEquals(compare(dense, cut, passages), both.get(1));
    }
  }

  @Test
  void tellsProgressInPositionsAndKeepsThePassagesThatAnInterruptLeaves() {
    Model dense = first(Family.Kind.CAUSAL);
    List<Passage> passages = passages(dense, 4);
    List<Long> told = new ArrayList<>();
    ProgressListener stopsAfterTwo =
        (label, total, unit) ->
            units -> {
              told.add(units);
              if (told.size() == 2) {
                Thread.currentThread().interrupt();
              }
            };
    try (Session a = Session.open(dense, WeightFormat.FLOAT32)) {
      Divergence found = Comparison.of(a, List.of(a)).on(passages, stopsAfterTwo).get(0);
      assertFalse(Thread.currentThread().isInterrupted());
      assertEquals(2, found.passages().size());
      assertEquals(List.of(24L, 24L), told);
    }
  }

  @Test
  void theFarthestComeFirstAndThereAreTen() {
    Model dense = first(Family.Kind.CAUSAL);
    Divergence found = compare(dense, withoutItsLastBlock(dense), passages(dense, 4));
    assertEquals(Comparison.FARTHEST, found.farthest().size());
    for (int i = 1; i < found.farthest().size(); i++) {
      assertTrue(found.farthest().get(i - 1).divergence() >= found.farthest().get(i).divergence());
    }
    assertTrue(found.meanBounds().low() <= found.mean());
    assertTrue(found.meanBounds().high() >= found.mean());
  }

  @Test
  void variantsOfAnotherModelAreRefused() {
    Model dense = first(Family.Kind.CAUSAL);
    Model other =
        Fixtures.cases("models", "*").stream()
            .map(ModelReader::read)
            .filter(m -> m.config().vocabulary() != dense.config().vocabulary())
            .findFirst()
            .orElseThrow();
    try (Session a = Session.open(dense, WeightFormat.FLOAT32);
        Session b = Session.open(other, WeightFormat.FLOAT32)) {
      var error = assertThrows(IllegalArgumentException.class, () -> Comparison.of(a, List.of(b)));
      assertEquals(
          "'dense' predicts one of "
              + other.config().vocabulary()
              + " tokens, the dense model one of "
              + dense.config().vocabulary()
              + ": only variants of one model can be compared",
          error.getMessage());
    }
  }
}
