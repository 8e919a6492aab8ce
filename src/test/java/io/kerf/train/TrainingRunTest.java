package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.compress.LayerRemoval;
import io.kerf.compress.Magnitude;
import io.kerf.compress.RoundToNearest;
import io.kerf.compress.SemiStructuredMagnitude;
import io.kerf.engine.Example;
import io.kerf.file.BadFileException;
import io.kerf.model.Adapter;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import io.kerf.train.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  @TempDir Path temporary;
  private Pretraining recipe;
  private final Model causal = TinyTraining.model(Family.Kind.CAUSAL);

  @BeforeEach
  void writeText() throws IOException {
    recipe = TinyTraining.recipe(TinyTraining.text(temporary)).dropout(0).learningRate(1e-3);
  }

  private static TrainingRun.Result run(Model model, Pretraining recipe) {
    return TrainingRun.of(model, recipe, TrainingListener.NONE, ProgressListener.NONE);
  }

  private static List<Double> losses(Model model, Pretraining recipe) {
    return TinyTraining.losses(run(model, recipe).log());
  }

  private static String message(Model model, Pretraining recipe) {
    return assertThrows(RuntimeException.class, () -> run(model, recipe)).getMessage();
  }

  @TestFactory
  Stream<DynamicTest> theLossFallsAndLineageSaysWhatWasDone() {
    return Stream.of(Family.Kind.values())
        .map(
            kind ->
                dynamicTest(
                    kind.toString(),
                    () -> {
                      TrainingRun.Result result = run(TinyTraining.model(kind), recipe);
                      List<Double> losses = TinyTraining.losses(result.log());
                      assertEquals(20, losses.size());
                      // What operations are counted by: an encoder predicts few of its tokens.
                      long predicted =
                          IntStream.of(result.example().labels())
                              .filter(label -> label != Example.IGNORED)
                              .count();
                      assertEquals(kind != Family.Kind.CAUSAL, predicted < 16, "labels");
                      assertTrue(losses.get(19) < losses.get(0), losses::toString);
                      List<Lineage.Step> steps = result.model().lineage().steps();
                      Map<String, String> said = steps.get(steps.size() - 1).settings();
                      assertEquals("20", said.get("steps"));
                      assertEquals(Long.toString(result.log().tokens()), said.get("tokens"));
                      assertEquals("3", said.get("seed"));
                      assertEquals(64, said.get("data sha256").length());
                      assertTrue(Double.parseDouble(said.get("seconds")) >= 0);
                    }));
  }

  @Test
  void theSameSeedGivesTheSameLossesAndAnotherOthers() {
    Pretraining dropping = recipe.dropout(0.2);
    assertEquals(losses(causal, dropping), losses(causal, dropping));
    assertNotEquals(losses(causal, dropping), losses(causal, dropping.seed(4)));
  }

  @Test
  void smallPassesAndRecomputedBlocksChangeNothing() {
    List<Double> whole = losses(causal, recipe.dropout(0.1));
    List<Double> again = losses(causal, recipe.dropout(0.1).recomputing());
    assertClose(whole, again, 1e-6);
    assertClose(losses(causal, recipe), losses(causal, recipe.passTokens(1)), 1e-5);
  }

  private static void assertClose(List<Double> expected, List<Double> got, double tolerance) {
    assertEquals(expected.size(), got.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), got.get(i), tolerance, "step " + i);
    }
  }

  @Test
  void bfloat16StaysNearFloat32() {
    assertClose(losses(causal, recipe), losses(causal, recipe.bfloat16()), 0.05);
  }

  @Test
  void adaptersLearnBesideWeightsThatStay() {
    Model trained = run(causal, recipe.lora(2).learningRate(1e-2)).model();
    assertTrue(Adapter.of(trained).isPresent());
    assertSame(
        causal.blocks().get(0).parameter(Role.DOWN).weight(),
        trained.blocks().get(0).parameter(Role.DOWN).weight());
    Model merged = run(causal, recipe.lora(2).learningRate(1e-2).merged()).model();
    assertTrue(Adapter.of(merged).isEmpty());
    assertArrayEquals(
        merged.blocks().get(0).parameter(Role.QUERY).weight().toFloats(),
        trained.blocks().get(0).parameter(Role.QUERY).weight().toFloats(),
        1e-6f);
  }

  @Test
  void anAdapterOnALayerThatDoesNotExistIsRefused() {
    String said = message(causal, recipe.lora(Lora.of(2).in("q_porj")));
    assertTrue(said.contains("q_porj"), said);
  }

  @Test
  void prunedWeightsStayZeroUnlessTheyMayGrow() {
    Model pruned = Magnitude.of(0.5).perRow().apply(causal);
    assertEquals(zeros(pruned), zeros(run(pruned, recipe).model()));
    assertTrue(zeros(run(pruned, recipe.growing()).model()) < zeros(pruned) / 2);
  }

  private static long zeros(Model model) {
    return model.blocks().stream()
        .flatMap(block -> block.parameters().entrySet().stream())
        .filter(entry -> entry.getKey().isBlockLinear())
        .mapToLong(entry -> entry.getValue().weight().zeros())
        .sum();
  }

  private static long linears(Model model) {
    return model.blocks().stream()
        .flatMap(block -> block.parameters().entrySet().stream())
        .filter(entry -> entry.getKey().isBlockLinear())
        .mapToLong(entry -> entry.getValue().weight().shape().elements())
        .sum();
  }

  @Test
  void aMovingMaskEndsWithExactZeros() {
    Model trained = run(causal, recipe.movingMask(2, 4, 2, 1e-2)).model();
    assertEquals(linears(causal) / 2, zeros(trained));
  }

  @Test
  void factorsLeaveEveryZero() {
    Model pruned = SemiStructuredMagnitude.of(2, 4).apply(causal);
    TrainingRun.Result result = run(pruned, recipe.factors(2).learningRate(1e-2));
    assertEquals(zeros(pruned), zeros(result.model()));
    List<Double> losses = TinyTraining.losses(result.log());
    assertNotEquals(losses.get(0), losses.get(losses.size() - 1));
  }

  @Test
  void weightsInIntegersAreNotTrainedAsIfTheyWereNot() {
    Model rounded = RoundToNearest.int8().apply(causal);
    String said = message(rounded, recipe);
    assertTrue(said.contains("holds int8 sym channel"), said);
    assertTrue(said.contains(".rounding(int4())"), said);
  }

  @Test
  void roundedTrainingEndsRounded() {
    Model trained = run(causal, recipe.rounding(RoundToNearest.int8())).model();
    assertTrue(
        trained.blocks().get(0).parameter(Role.UP).weight() instanceof QuantizedTensor,
        trained.label());
  }

  @Test
  void layersGoWhileTheModelLearns() {
    Pretraining warm = recipe.chopping(LayerRemoval.middle(1), 6);
    TrainingRun.Result result = run(causal, warm);
    assertEquals(causal.blocks().size() - 1, result.model().blocks().size());
    assertEquals(
        losses(causal, recipe).subList(0, 6), TinyTraining.losses(result.log()).subList(0, 6));
    assertEquals(2, result.model().lineage().steps().size());
  }

  @Test
  void theWarmStateIsKeptOverTheCutWithoutCheckpointsToo() {
    Pretraining warm = recipe.chopping(LayerRemoval.middle(1), 6);
    List<Double> kept = losses(causal, warm.keptIn(temporary.resolve("run")));
    assertEquals(kept, losses(causal, warm.withoutCheckpoints()));
    // The state matters: a cut model that begins cold goes another way.
    Model cut = LayerRemoval.middle(1).apply(causal);
    assertNotEquals(kept.get(19), losses(cut, recipe).get(19));
  }

  @Test
  void layersGoOneAfterAnother() {
    Model deep = TinyTraining.model(Family.Kind.CAUSAL, 4); // two may go
    Pretraining gradual = recipe.choppingGradually(LayerRemoval.maxGap(2), 3, 2, 3);
    List<Integer> seen = new ArrayList<>();
    new Chop(LayerRemoval.maxGap(2), 3, 2, 3)
        .phases(deep, gradual.steps())
        .forEach(phase -> seen.addAll(List.of(phase.from(), phase.model().blocks().size())));
    int all = deep.blocks().size();
    assertEquals(List.of(0, all, 3, all - 1, 6, all - 2), seen);
    TrainingRun.Result result = run(deep, gradual);
    assertEquals(all - 2, result.model().blocks().size());
    assertEquals(
        losses(deep, recipe).subList(0, 3), TinyTraining.losses(result.log()).subList(0, 3));
  }

  @Test
  void aStudentLearnsFromItsTeacher() {
    Model chopped = LayerRemoval.middle(1).apply(causal);
    List<Double> losses =
        losses(chopped, recipe.distilling(Distillation.from(causal).hidden(1).contrast(0.1)));
    assertTrue(losses.get(19) < losses.get(0), losses::toString);
  }

  @Test
  void aTeacherOfAnotherVocabularyIsRefused() {
    Model other = TinyTraining.model(Family.Kind.MASKED);
    String said = message(causal, recipe.distilling(Distillation.from(other)));
    assertTrue(said.startsWith("a teacher needs the kind and the vocabulary"), said);
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunAndSaysWhere() {
    Model broken = withNan(causal);
    TrainingFailedException failed =
        assertThrows(
            TrainingFailedException.class,
            () -> run(broken, recipe.keptIn(temporary.resolve("run"))));
    assertEquals(1, failed.step());
    assertTrue(failed.getMessage().startsWith("step 1: the loss became NaN"), failed.getMessage());
    assertTrue(failed.getMessage().contains("on examples 0 to 1 of"), failed.getMessage());
    assertTrue(failed.getMessage().contains("try a learning rate lower than"), failed.getMessage());
  }

  private static Model withNan(Model model) {
    Map<Role, Parameter> shared = new EnumMap<>(model.shared());
    Tensor norm = shared.get(Role.FINAL_NORM).weight();
    float[] values = norm.toFloats();
    values[0] = Float.NaN;
    shared.put(Role.FINAL_NORM, Parameter.of(FloatTensor.wrap(norm.shape(), values)));
    return model.with(shared, model.blocks(), new Lineage.Step("broken", Map.of()));
  }

  @Test
  void aTextThatIsEmptyOrTooShortIsRefused() throws IOException {
    Path empty = Files.writeString(temporary.resolve("empty.txt"), "");
    Path brief = Files.writeString(temporary.resolve("brief.txt"), "the saw");
    for (Path file : List.of(empty, brief)) {
      Pretraining on = Pretraining.on(Corpus.of(file)).batch(2, 64).tokens(256);
      assertThrows(BadFileException.class, () -> run(causal, on));
    }
  }

  @Test
  void aModelFromScratchKnowsNothingAndTiesWhatWasTied() {
    Model fresh = FromScratch.of(causal, 1);
    assertEquals(causal.elements(), fresh.elements());
    assertArrayEquals(
        FromScratch.of(causal, 1).blocks().get(0).parameter(Role.UP).weight().toFloats(),
        fresh.blocks().get(0).parameter(Role.UP).weight().toFloats());
    assertEquals(
        Math.log(causal.config().vocabulary()), losses(fresh, recipe).get(0), 0.2, "even odds");
  }
}
