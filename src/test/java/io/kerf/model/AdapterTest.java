package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.RandomAdapters;
import io.kerf.tensor.AdaptedTensor;
import io.kerf.tensor.BitMask;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.LowRank;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Adapters as values: put on, found again, merged. */
class AdapterTest {
  private static final Model MODEL = RandomAdapters.model(Family.LLAMA);
  private static final String NAME = MODEL.lineage().name();
  private static final AdapterTarget QUERY = new AdapterTarget(1, Role.QUERY);

  private static List<AdapterTarget> all(Model model) {
    return AdapterLayers.of(model).all();
  }

  @Test
  void sharesWhatItDoesNotTouchAndIsFoundAgain() {
    Adapter adapter = RandomAdapters.of(MODEL, List.of(QUERY), 3, 6);
    Model adapted = adapter.applyTo(MODEL);
    AdaptedTensor query = (AdaptedTensor) adapted.blocks().get(1).parameter(Role.QUERY).weight();
    assertSame(MODEL.blocks().get(1).parameter(Role.QUERY).weight(), query.base());
    assertSame(MODEL.blocks().get(0), adapted.blocks().get(0));
    assertSame(
        MODEL.blocks().get(1).parameter(Role.KEY), adapted.blocks().get(1).parameter(Role.KEY));
    assertEquals(Optional.of(adapter), Adapter.of(adapted));
    assertEquals(Optional.empty(), Adapter.of(MODEL));
    assertEquals(
        List.of(
            new Lineage.Step(
                "LoRA rank 3",
                Map.of(
                    "adapter", "LoRA rank 3, alpha 6",
                    "adapted layers", "q_proj (1)"))),
        adapted.lineage().steps());
    assertEquals("LoRA rank 3", adapted.label());
    assertEquals(MODEL.sizeBytes() + adapter.updates().get(QUERY).sizeBytes(), adapted.sizeBytes());
  }

  @Test
  void aTrainingSaysWhatItDidInTheSameStep() {
    Lineage.Step step = new Lineage.Step("LoRA 100 steps", Map.of("seed", "7"));
    Model adapted = RandomAdapters.of(MODEL, List.of(QUERY), 2, 0.5, true).applyTo(MODEL, step);
    assertEquals("LoRA 100 steps", adapted.label());
    assertEquals(
        Map.of(
            "seed", "7",
            "adapter", "LoRA rank 2, alpha 0.5, rank-stabilized",
            "adapted layers", "q_proj (1)"),
        adapted.lineage().steps().get(0).settings());
  }

  @Test
  void anAdapterForAnotherModelSaysSo() {
    Adapter adapter =
        new Adapter("org/other@main", RandomAdapters.of(MODEL, List.of(QUERY), 1, 1).updates());
    Lineage.Step step = adapter.applyTo(MODEL).lineage().steps().get(0);
    assertEquals("org/other@main", step.settings().get("made for"));
    Adapter own = new Adapter("/far/away/" + NAME.toUpperCase() + "/", adapter.updates());
    Lineage.Step same = own.applyTo(MODEL).lineage().steps().get(0);
    assertEquals(null, same.settings().get("made for"), "the same name, wherever it lies");
  }

  @Test
  void blocksThatShareAMatrixShareItsAdapter() {
    Model model = RandomAdapters.model(Family.ALBERT);
    Adapter adapter = RandomAdapters.of(model, all(model), 2, 2);
    Model adapted = adapter.applyTo(model);
    Block first = adapted.blocks().get(0);
    for (Block block : adapted.blocks()) {
      assertSame(first.parameter(Role.UP).weight(), block.parameter(Role.UP).weight());
    }
    assertEquals(Optional.of(adapter), Adapter.of(adapted));
    Model merged = Adapter.merged(adapted);
    assertSame(
        merged.blocks().get(0).parameter(Role.UP).weight(),
        merged.blocks().get(1).parameter(Role.UP).weight());
    assertEquals(model.elements(), merged.elements());
  }

  @Test
  void mergedIsTheSumAsItWasRead() {
    Model adapted = RandomAdapters.of(MODEL, List.of(QUERY), 3, 6).applyTo(MODEL);
    Model merged = Adapter.merged(adapted);
    assertEquals("LoRA rank 3 + merged", merged.label());
    assertEquals("float32", weight(merged).encoding());
    assertArrayEquals(weight(adapted).toFloats(), weight(merged).toFloats());
    assertEquals(ModelFingerprint.of(adapted), ModelFingerprint.of(merged));
    assertNotSame(weight(MODEL), weight(merged));
    assertSame(MODEL.blocks().get(0), merged.blocks().get(0));
    assertEquals(Optional.empty(), Adapter.of(merged));
    assertRefused("'dense' of " + NAME + " has no adapters to merge", () -> Adapter.merged(MODEL));
  }

  private static Tensor weight(Model model) {
    return model.blocks().get(QUERY.block()).parameter(QUERY.role()).weight();
  }

  @Test
  void mergesBelowAMaskToo() {
    Model adapted = RandomAdapters.of(MODEL, List.of(QUERY), 3, 6).applyTo(MODEL);
    long length = weight(adapted).shape().elements();
    long[] words = new long[BitMask.words(length)];
    words[0] = 5;
    MaskedTensor masked = MaskedTensor.of(weight(adapted), BitMask.wrap(length, words));
    Block block = adapted.blocks().get(1);
    List<Block> blocks = new ArrayList<>(adapted.blocks());
    blocks.set(1, block.with(Role.QUERY, block.parameter(Role.QUERY).withWeight(masked)));
    Model merged = Adapter.merged(adapted.withBlocks(blocks, new Lineage.Step("cut", Map.of())));
    MaskedTensor seen = (MaskedTensor) weight(merged);
    assertTrue(seen.base() instanceof FloatTensor);
    assertArrayEquals(masked.toFloats(), seen.toFloats());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    AdapterLayers layers = AdapterLayers.of(MODEL);
    AdapterTarget key = new AdapterTarget(0, Role.KEY);
    var shape = layers.shape(key);
    int most = Math.min(shape.rows(), shape.columns());
    Map<AdapterTarget, Adapter.Factors> none =
        Map.of(key, new Adapter.Factors(new float[0], new float[0]));
    assertRefused("rank must be at least 1, was 0", () -> Adapter.of(MODEL, 0, 1, false, none));
    assertRefused(
        layers.name(key)
            + " is "
            + shape
            + ": rank must be at most its smaller side, "
            + most
            + ", was "
            + (most + 1),
        () -> Adapter.of(MODEL, most + 1, 1, false, none));
    assertRefused(
        "shape 2 x " + shape.columns() + " needs " + 2 * shape.columns() + " values, got 0",
        () -> Adapter.of(MODEL, 2, 1, false, none));
    int blocks = MODEL.blocks().size();
    assertRefused(
        NAME + " (llama) has no block " + blocks + "; it has " + blocks + ", counted from 0",
        () -> RandomAdapters.of(MODEL, List.of(new AdapterTarget(blocks, Role.KEY)), 1, 1));
    assertRefused(
        NAME
            + " (llama) has no linear layer ATTENTION_NORM in block 0; it has"
            + " QUERY, KEY, VALUE, OUTPUT, GATE, UP, DOWN",
        () -> RandomAdapters.of(MODEL, List.of(new AdapterTarget(0, Role.ATTENTION_NORM)), 1, 1));
    assertRefused(
        "an adapter must change at least one layer, had none", () -> new Adapter("", Map.of()));
  }

  @Test
  void aSecondAdapterOnALayerIsRefused() {
    Adapter adapter = RandomAdapters.of(MODEL, List.of(QUERY), 3, 6);
    Model once = adapter.applyTo(MODEL);
    assertRefused(
        AdapterLayers.of(MODEL).name(QUERY)
            + " of 'LoRA rank 3' has an adapter already; merged() makes it part of the weights",
        () -> adapter.applyTo(once));
    assertEquals(
        "LoRA rank 3 + merged + LoRA rank 3", adapter.applyTo(Adapter.merged(once)).label());
  }

  @Test
  void anAdapterOfOtherShapesIsRefusedAndSaysWhatItIsFor() {
    LowRank small = LowRank.of(2, 3, 1, 1, false, new float[3], new float[2]);
    Adapter adapter = new Adapter("gpt-17", Map.of(QUERY, small));
    assertRefused(
        AdapterLayers.of(MODEL).name(QUERY)
            + " of "
            + NAME
            + " is "
            + weight(MODEL).shape()
            + ", but the adapter's A and B are for 2 x 3; it was made for 'gpt-17'",
        () -> adapter.applyTo(MODEL));
    Map<AdapterTarget, LowRank> mixed = new LinkedHashMap<>();
    mixed.put(QUERY, small);
    mixed.put(
        new AdapterTarget(0, Role.QUERY), LowRank.of(2, 3, 1, 1, true, new float[3], new float[2]));
    assertRefused(
        "an adapter's layers must be rank-stabilized all or none, were mixed",
        () -> new Adapter("", mixed));
  }

  private static void assertRefused(String message, Runnable doing) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, doing::run).getMessage());
  }
}
