package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.RandomModels;
import io.kerf.progress.Interrupted;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelFingerprintTest {
  private static final Lineage.Step STEP = new Lineage.Step("cut", Map.of());

  private static Model model() {
    return RandomModels.llama(3, 32, 2, 1, 48, 96);
  }

  private static Model with(Model model, Role role, Tensor weight) {
    List<Block> blocks = new ArrayList<>(model.blocks());
    Block first = blocks.get(0);
    blocks.set(0, first.with(role, first.parameter(role).withWeight(weight)));
    return model.withBlocks(blocks, STEP);
  }

  @Test
  void equalModelsHaveEqualOnesWhateverTheyAreCalled() {
    Model model = model();
    String print = ModelFingerprint.of(model);
    assertTrue(print.matches("[0-9a-f]{64}"), print);
    assertEquals(print, ModelFingerprint.of(model()));
    Lineage other = new Lineage("renamed", "elsewhere", "1", List.of(STEP));
    assertEquals(
        print,
        ModelFingerprint.of(
            new Model(model.config(), model.shared(), model.blocks(), model.tokenizer(), other)));
    Tensor query = model.blocks().get(0).parameter(Role.QUERY).weight();
    Tensor copy = FloatTensor.wrap(query.shape(), query.toFloats());
    assertEquals(print, ModelFingerprint.of(with(model, Role.QUERY, copy)));
  }

  @Test
  void oneNumberOrAnotherPlaceOrOriginMakesAnother() {
    Model model = model();
    String print = ModelFingerprint.of(model);
    Tensor query = model.blocks().get(0).parameter(Role.QUERY).weight();
    float[] values = query.toFloats();
    values[values.length - 1] = Math.nextUp(values[values.length - 1]);
    assertNotEquals(
        print,
        ModelFingerprint.of(with(model, Role.QUERY, FloatTensor.wrap(query.shape(), values))));
    List<Block> turned = new ArrayList<>(model.blocks());
    java.util.Collections.swap(turned, 0, 1);
    assertNotEquals(print, ModelFingerprint.of(model.withBlocks(turned, STEP)));
    List<Block> moved = new ArrayList<>(model.blocks());
    moved.set(0, new Block(Stack.DECODER, 5, moved.get(0).parameters()));
    assertNotEquals(print, ModelFingerprint.of(model.withBlocks(moved, STEP)));
    assertNotEquals(
        print, ModelFingerprint.of(model.withBlocks(model.blocks().subList(0, 2), STEP)));
    Config other = model.config().withTiedHead(false);
    assertNotEquals(
        print,
        ModelFingerprint.of(
            new Model(other, model.shared(), model.blocks(), model.tokenizer(), model.lineage())));
  }

  @Test
  void aTensorIsReadOnce() {
    Model model = model();
    Counted counted = new Counted(model.blocks().get(0).parameter(Role.QUERY).weight());
    Model watched = with(model, Role.QUERY, counted);
    ModelFingerprint.of(watched);
    assertEquals(1, counted.reads);
    ModelFingerprint.of(watched.withBlocks(watched.blocks().subList(0, 1), STEP));
    assertEquals(1, counted.reads);
  }

  @Test
  void anInterruptEndsIt() {
    Model model = model();
    Thread.currentThread().interrupt();
    var stopped = assertThrows(Interrupted.class, () -> ModelFingerprint.of(model));
    assertEquals("reading the weights for their hash was interrupted", stopped.getMessage());
  }

  private static final class Counted implements Tensor {
    private final Tensor base;
    private int reads;

    Counted(Tensor base) {
      this.base = base;
    }

    @Override
    public io.kerf.tensor.Shape shape() {
      return base.shape();
    }

    @Override
    public String encoding() {
      return base.encoding();
    }

    @Override
    public long sizeBytes() {
      return base.sizeBytes();
    }

    @Override
    public void read(long from, float[] into, int at, int count) {
      reads++;
      base.read(from, into, at, count);
    }
  }
}
