package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.compress.LayerRemoval;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.Scope;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class RunSettingsTest {
  @TempDir Path temporary;
  private final Model model = TinyTraining.model(Family.Kind.CAUSAL, 4);

  private Map<String, String> settings(Pretraining recipe) {
    return RunSettings.of(model, recipe, recipe.examples(model, ProgressListener.NONE)).all();
  }

  @TestFactory
  Stream<DynamicTest> whatMakesOtherStepsIsASetting() throws IOException {
    Pretraining base = TinyTraining.recipe(TinyTraining.text(temporary));
    Distillation taught = Distillation.from(model);
    LayerRemoval two = LayerRemoval.maxGap(2);
    Map<String, Pretraining[]> differing = new LinkedHashMap<>();
    differing.put("tokens", pair(base, r -> r.tokens(64)));
    differing.put("batch", pair(base, r -> r.batch(3, 16)));
    differing.put("context", pair(base, r -> r.batch(2, 12)));
    differing.put("learning rate", pair(base, r -> r.learningRate(1e-3)));
    differing.put("warm-up", pair(base, r -> r.warmUp(7)));
    differing.put("fall", pair(base, r -> r.fallingTo(0.5)));
    differing.put("optimizer", pair(base, Pretraining::lion));
    differing.put("decay", pair(base, r -> r.weightDecay(0.01)));
    differing.put("clip", pair(base, r -> r.clip(2)));
    differing.put("bfloat16", pair(base, Pretraining::bfloat16));
    differing.put("dropout", pair(base, r -> r.dropout(0.3)));
    differing.put("seed", pair(base, r -> r.seed(9)));
    differing.put("passes", pair(base, r -> r.passTokens(16)));
    differing.put("zeros", pair(base, Pretraining::growing));
    differing.put("rank", pair(base.lora(2), r -> r.lora(4)));
    differing.put("targets", pair(base.lora(2), r -> r.lora(Lora.of(2).in(Scope.FFN))));
    differing.put("teacher", pair(base, r -> r.distilling(taught)));
    differing.put(
        "contrast", pair(base.distilling(taught), r -> r.distilling(taught.contrast(0.1))));
    differing.put("mask", pair(base.movingMask(2, 4), r -> r.movingMask(1, 4)));
    differing.put("factors", pair(base.factors(2), r -> r.factors(4)));
    differing.put("rounding", pair(base, r -> r.rounding(RoundToNearest.int8())));
    differing.put(
        "scope",
        pair(
            base.rounding(RoundToNearest.int8()),
            r -> r.rounding(RoundToNearest.int8().in(Scope.FFN))));
    differing.put("cut", pair(base.chopping(two, 3), r -> r.chopping(two, 4)));
    differing.put(
        "pace", pair(base.choppingGradually(two, 3, 2, 2), r -> r.choppingGradually(two, 3, 2, 4)));
    return differing.entrySet().stream()
        .map(
            entry ->
                dynamicTest(
                    entry.getKey(),
                    () ->
                        assertNotEquals(
                            settings(entry.getValue()[0]), settings(entry.getValue()[1]))));
  }

  private static Pretraining[] pair(Pretraining one, UnaryOperator<Pretraining> other) {
    return new Pretraining[] {one, other.apply(one)};
  }

  @Test
  void whereAndHowOftenItIsKeptIsNone() throws IOException {
    Pretraining base = TinyTraining.recipe(TinyTraining.text(temporary));
    assertEquals(settings(base), settings(base.keptIn(temporary.resolve("x")).checkpointEvery(3)));
  }

  @Test
  void adaptersAreSaidByTheirLayers() throws IOException {
    Pretraining base = TinyTraining.recipe(TinyTraining.text(temporary)).lora(2);
    String said = settings(base).get("adapters");
    long layers =
        model.blocks().stream()
            .flatMap(block -> block.parameters().keySet().stream())
            .filter(role -> role == Role.QUERY || role == Role.KEY || role == Role.VALUE)
            .count();
    assertEquals("rank 2, alpha 4.0, on key, query, value of " + layers + " layers", said);
  }
}
