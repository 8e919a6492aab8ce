package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.Ensemble;
import io.kerf.engine.RandomModels;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Block;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private static final Lineage.Step STEP = new Lineage.Step("cut", Map.of());

  private final Model dense = RandomModels.llama(4, 64, 4, 2, 96, 64);

  private Model first(int blocks) {
    return dense.withBlocks(dense.blocks().subList(0, blocks), STEP);
  }

  /** Every tensor of the blocks from there on is another. */
  private Model otherFrom(int block) {
    List<Block> blocks = new ArrayList<>(dense.blocks().subList(0, block));
    for (Block old : dense.blocks().subList(block, dense.blocks().size())) {
      Map<Role, Parameter> copies = new EnumMap<>(Role.class);
      old.parameters()
          .forEach(
              (role, parameter) -> {
                Tensor weight = parameter.weight();
                copies.put(role, Parameter.of(FloatTensor.wrap(weight.shape(), weight.toFloats())));
              });
      blocks.add(new Block(old.stack(), old.origin(), copies));
    }
    return dense.withBlocks(blocks, STEP);
  }

  @Test
  void thoseThatBeginAlikeRunTogetherInTheOrderOfTheirFirst() {
    Model pruned = otherFrom(0);
    Model stranger = RandomModels.llama(4, 64, 4, 2, 96, 64); // another tokenizer
    List<Model> models = List.of(dense, pruned, first(2), stranger, otherFrom(3), first(3));
    assertEquals(List.of(List.of(0, 2, 4, 5), List.of(1), List.of(3)), Evaluator.together(models));
  }

  @Test
  void aModelThatIsThereAlreadyRunsAfterwards() {
    assertEquals(
        List.of(List.of(0, 2), List.of(1)), Evaluator.together(List.of(dense, dense, first(3))));
  }

  @Test
  void notMoreRunTogetherThanTheirLogitsHaveRoomFor() {
    List<Model> models = new ArrayList<>(List.of(dense));
    for (int i = 0; i < Evaluator.AT_ONCE; i++) {
      models.add(first(1 + i % 3));
    }
    List<List<Integer>> groups = Evaluator.together(models);
    assertEquals(2, groups.size());
    assertEquals(Evaluator.AT_ONCE, groups.get(0).size());
  }

  @Test
  void theyNeedNoMoreThanTwiceTheMemoryOfOne() {
    List<Model> models = List.of(dense, otherFrom(1), otherFrom(1), otherFrom(1));
    List<List<Integer>> groups = Evaluator.together(models);
    assertTrue(groups.size() > 1, groups + "");
    for (List<Integer> group : groups) {
      long together = Ensemble.elements(group.stream().map(models::get).toList());
      assertTrue(together <= 2 * Ensemble.elements(List.of(dense)));
    }
  }

  @Test
  void modelsOfDifferentTokenizersAreRefused() {
    Model other =
        new Model(
            dense.config(),
            dense.shared(),
            dense.blocks(),
            new CharacterTokenizer(true),
            dense.lineage());
    RequestsTask task = new RequestsTask(Family.Kind.CAUSAL, List.of());
    try (Ensemble ensemble = Ensemble.open(List.of(dense, other), WeightFormat.FLOAT32)) {
      Evaluator evaluator = Evaluator.with(ProgressListener.NONE);
      var refused =
          assertThrows(IllegalArgumentException.class, () -> evaluator.run(ensemble, task));
      assertEquals(
          "models that run together read one text as the same tokens, and random (dense) has"
              + " another tokenizer than random (dense): run each in a session of its own",
          refused.getMessage());
    }
  }
}
