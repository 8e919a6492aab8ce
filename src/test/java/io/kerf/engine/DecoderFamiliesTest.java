package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.json.Json;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What holds for every decoder of the fixtures, whatever its switches. */
class DecoderFamiliesTest {
  private static final int LONG = 120; // beyond the plain attention of short sequences

  static Stream<Model> decoders() {
    List<Model> found = new ArrayList<>();
    for (Path folder : Fixtures.cases("models", "*")) {
      String type = Json.read(folder.resolve("config.json")).at("model_type").text();
      for (Family family : Family.values()) {
        if (family.modelType().equals(type) && family.kind() == Family.Kind.CAUSAL) {
          found.add(ModelReader.read(folder));
        }
      }
    }
    assertFalse(found.isEmpty(), "no decoder among the fixtures");
    return found.stream();
  }

  private static Stream<DynamicTest> each(Consumer<Model> check) {
    return decoders().map(m -> dynamicTest(m.lineage().name(), () -> check.accept(m)));
  }

  @TestFactory
  Stream<DynamicTest> aTreeScoresAsItsBranchesAlone() {
    return each(
        model -> {
          for (int context : new int[] {3, 40, LONG - 8}) {
            branches(model, context);
          }
        });
  }

  private static void branches(Model model, int context) {
    int[] ids = ids(model, context + 12);
    int[] parents = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      parents[i] = i == context + 5 ? context - 1 : i - 1;
    }
    int[] left = Arrays.copyOf(ids, context + 5);
    int[] right = Arrays.copyOf(ids, context + 7);
    System.arraycopy(ids, context + 5, right, context, 7);
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      float[][] both = session.logits(new TokenTree(ids, parents), context + 4, context + 11);
      assertArrayEquals(last(session, left), both[0], 2e-5f);
      assertArrayEquals(last(session, right), both[1], 2e-5f);
    }
  }

  @TestFactory
  Stream<DynamicTest> aLongSequenceScoresAsItsPrefixes() {
    return each(
        model -> {
          int[] ids = ids(model, LONG);
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            float[][] whole = session.logits(TokenTree.chain(ids), 9, 95, LONG - 1);
            assertArrayEquals(last(session, Arrays.copyOf(ids, 10)), whole[0], 2e-5f);
            assertArrayEquals(last(session, Arrays.copyOf(ids, 96)), whole[1], 2e-5f);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aScoreDoesNotDependOnItsBatch() {
    return each(
        model -> {
          List<TokenTree> batch = new ArrayList<>();
          List<Target> targets = new ArrayList<>();
          for (int t = 0; t < 5; t++) {
            batch.add(TokenTree.chain(ids(model, 4 + 29 * t)));
            targets.add(new Target(t, 3 * (t + 1), 7 + t));
          }
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
            float[] together = session.score(batch, targets).logProbabilities();
            for (int t = 0; t < batch.size(); t++) {
              Target alone = new Target(0, targets.get(t).node(), targets.get(t).token());
              float score =
                  session.score(List.of(batch.get(t)), List.of(alone)).logProbabilities()[0];
              assertEquals(score, together[t], 1e-5);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> generationTakesTheLikeliestTokenOfTheWholeSequence() {
    return each(
        model -> {
          int[] sequence = Arrays.copyOf(ids(model, LONG - 6), LONG);
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            int[] made = session.generate(Arrays.copyOf(sequence, LONG - 6), 6, false);
            System.arraycopy(made, 0, sequence, LONG - 6, 6);
            List<Target> targets = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
              targets.add(new Target(0, LONG - 7 + i, made[i]));
            }
            boolean[] greedy = session.score(List.of(TokenTree.chain(sequence)), targets).greedy();
            for (boolean likeliest : greedy) {
              assertEquals(true, likeliest);
            }
          }
        });
  }

  /** int4 wants rows and columns in multiples of 32, which only some tiny models have. */
  @TestFactory
  Stream<DynamicTest> everyFormatStaysNearFloat32() {
    return each(
        model -> {
          int[] ids = ids(model, 20);
          float[] exact;
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            exact = last(session, ids);
          }
          near(model, ids, exact, WeightFormat.BFLOAT16, 0.05);
          near(model, ids, exact, WeightFormat.INT8_DYNAMIC, 0.15);
          boolean fits =
              model.blocks().get(0).parameters().entrySet().stream()
                  .filter(entry -> entry.getKey().isBlockLinear())
                  .map(entry -> entry.getValue().weight().shape())
                  .allMatch(shape -> shape.rows() % 32 == 0 && shape.columns() % 32 == 0);
          if (fits) {
            near(model, ids, exact, WeightFormat.INT4_GROUP, 0.6);
          }
        });
  }

  private static void near(
      Model model, int[] ids, float[] exact, WeightFormat format, double allowed) {
    try (DecoderSession session = DecoderSession.open(model, format)) {
      float[] seen = last(session, ids);
      double error = 0;
      double norm = 0;
      for (int v = 0; v < seen.length; v++) {
        error += Math.pow(exact[v] - seen[v], 2);
        norm += Math.pow(exact[v], 2);
      }
      assertEquals(0, Math.sqrt(error / norm), allowed, format.label());
    }
  }

  /** Window, rotary base and scale go by the block's place in the model as loaded. */
  @TestFactory
  Stream<DynamicTest> aBlockComputesTheSameBehindOneThatAddsNothing() {
    return each(
        model -> {
          if (model.config().norms().order() == Config.Norms.Order.AFTER) {
            return; // there no block adds nothing
          }
          Lineage.Step step = new Lineage.Step("test", Map.of());
          Block last = model.blocks().get(model.blocks().size() - 1);
          Block nothing = silent(silent(model.blocks().get(0), Role.OUTPUT), Role.DOWN);
          int[] ids = ids(model, 30);
          try (DecoderSession one =
                  DecoderSession.open(model.withBlocks(List.of(last), step), WeightFormat.FLOAT32);
              DecoderSession two =
                  DecoderSession.open(
                      model.withBlocks(List.of(nothing, last), step), WeightFormat.FLOAT32)) {
            assertArrayEquals(
                one.trace(ids).blocks().get(0), two.trace(ids).blocks().get(1), 1e-5f);
          }
        });
  }

  private static Block silent(Block block, Role role) {
    Parameter layer = block.parameter(role);
    return block.with(
        role,
        new Parameter(zeros(layer.weight()), layer.optionalBias().map(b -> zeros(b)).orElse(null)));
  }

  private static Tensor zeros(Tensor like) {
    return FloatTensor.of(new float[(int) like.shape().elements()], like.shape().sizes());
  }

  @TestFactory
  Stream<DynamicTest> aPositionThatWasNotLearnedIsRefused() {
    return each(
        model -> {
          int positions = model.config().maxPositions();
          if (!model.config().learnsPositions()) {
            return;
          }
          String name = model.lineage().name();
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            int[] tooLong = ids(model, positions + 1);
            assertMessage(
                name
                    + ": a text has a token at position "
                    + positions
                    + ", the model learned "
                    + positions
                    + " positions; read it in parts of at most "
                    + positions
                    + " tokens",
                () -> session.logits(TokenTree.chain(tooLong), 0));
            assertMessage(
                name
                    + ": a prompt of "
                    + (positions - 1)
                    + " tokens and 3 new ones need more positions than the "
                    + positions
                    + " that the model learned; ask for at most 2 new tokens",
                () -> session.generate(ids(model, positions - 1), 3, false));
            assertEquals(2, session.generate(ids(model, positions - 1), 2, false).length);
          }
        });
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static float[] last(DecoderSession session, int[] ids) {
    return session.logits(TokenTree.chain(ids), ids.length - 1)[0];
  }

  private static int[] ids(Model model, int count) {
    return new Random(count).ints(count, 0, model.config().vocabulary()).toArray();
  }
}
