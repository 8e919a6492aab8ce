package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerRemovalTest {
  @Test
  void justChopByHand() {
    assertEquals(List.of(0, 1, 3, 5, 6, 8, 10, 11), LayerStrategy.MAX_GAP.layersKept(12, 4));
    assertEquals(List.of(0, 5, 6, 7, 8, 9, 10, 11), LayerStrategy.INPUT.layersKept(12, 4));
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 11), LayerStrategy.OUTPUT.layersKept(12, 4));
    assertEquals(List.of(0, 3, 4, 5, 6, 7, 8, 11), LayerStrategy.BOTH.layersKept(12, 4));
    assertEquals(List.of(0, 3, 4, 6), LayerStrategy.BOTH.layersKept(7, 3));
    assertEquals(List.of(0, 11), LayerStrategy.MAX_GAP.layersKept(12, 10));
  }

  @ParameterizedTest
  @EnumSource
  void removesAsManyAsAskedInOrder(LayerStrategy strategy) {
    boolean keepsEnds =
        List.of(
                LayerStrategy.MAX_GAP,
                LayerStrategy.INPUT,
                LayerStrategy.OUTPUT,
                LayerStrategy.BOTH)
            .contains(strategy);
    for (int layers = 3; layers < 40; layers++) {
      for (int remove = 1; remove < layers - (keepsEnds ? 1 : 0); remove++) {
        List<Integer> kept = strategy.layersKept(layers, remove);
        assertEquals(layers - remove, kept.size());
        assertEquals(kept.stream().distinct().sorted().toList(), kept);
        assertTrue(kept.get(0) >= 0 && kept.get(kept.size() - 1) < layers);
        if (keepsEnds) {
          assertEquals(0, kept.get(0));
          assertEquals(layers - 1, kept.get(kept.size() - 1));
        }
      }
    }
  }

  @Test
  void sharesTheBlocksThatStayAndNamesThemByOrigin() {
    Model dense = TinyModels.decoder(6, false);
    Model once = LayerRemoval.layers(4, 1).apply(dense);
    assertSame(dense.blocks().get(2), once.blocks().get(1));
    assertEquals("drop layers 1 4", once.label());
    Model twice = LayerRemoval.layers(1).apply(once);
    assertEquals(List.of(0, 3, 5), twice.blocks().stream().map(Block::origin).toList());
    assertEquals("0 3 5", twice.lineage().steps().get(1).settings().get("kept layers"));
    assertEquals("drop 2 max-gap", LayerRemoval.maxGap(2).label());
  }

  @Test
  void refusesToRemoveTooMany() {
    Model model = TinyModels.decoder(4, false);
    assertMessage(
        "cannot remove 4 of 4 layers: at least 1 must stay; remove at most 3",
        () -> LayerRemoval.last(4).apply(model));
    assertMessage(
        "cannot remove 9 of 4 layers: at least 1 must stay; remove at most 2",
        () -> LayerRemoval.maxGap(9).apply(model));
    assertMessage(
        "max-gap keeps the first and the last of 4 layers: it can remove at most 2, was 3",
        () -> LayerRemoval.maxGap(3).apply(model));
    assertMessage(
        "cannot remove 4 of 4 layers: at least 1 must stay; remove at most 3",
        () -> LayerRemoval.layers(0, 1, 2, 3).apply(model));
    assertMessage("layers to remove must be at least 1, was 0", () -> LayerRemoval.first(0));
  }

  @Test
  void anEncoderDecoderLosesLayersOfEachStackUnlessOneIsNamed() {
    Model dense = TinyModels.encoderDecoder(4, 3);
    Model each = LayerRemoval.first(2).apply(dense);
    assertEquals(List.of(2, 3), origins(each, Stack.ENCODER));
    assertEquals(List.of(2), origins(each, Stack.DECODER));
    assertEquals("drop 2 first of each stack", each.label());
    Map<String, String> settings = each.lineage().steps().get(0).settings();
    assertEquals("2 3", settings.get("kept encoder layers"));
    assertEquals("2", settings.get("removed decoder layers"));
    Model decoder = LayerRemoval.last(1).in(Stack.DECODER).apply(dense);
    assertEquals(List.of(0, 1, 2, 3), origins(decoder, Stack.ENCODER));
    assertEquals(List.of(0, 1), origins(decoder, Stack.DECODER));
    assertEquals("drop 1 last decoder", decoder.label());
    assertSame(dense.blocks().get(0), decoder.blocks().get(0));
    Model named = LayerRemoval.layers(1).in(Stack.ENCODER).apply(dense);
    assertEquals(List.of(0, 2, 3), origins(named, Stack.ENCODER));
    assertEquals("drop layers 1 encoder", named.label());
    assertEquals("decoder.block.2.layer.1.EncDecAttention.q", named.layerName(Role.CROSS_QUERY, 5));
    assertMessage(
        "drop layers 1: tiny has an encoder and a decoder; say which, .in(ENCODER) or .in(DECODER)",
        () -> LayerRemoval.layers(1).apply(dense));
    assertMessage(
        "tiny (llama) has no encoder to remove layers of",
        () -> LayerRemoval.last(1).in(Stack.ENCODER).apply(TinyModels.decoder(2, true)));
    assertMessage("name at least one stack: encoder, decoder", () -> LayerRemoval.last(1).in());
    assertMessage(
        "cannot remove 3 of 3 layers: at least 1 must stay; remove at most 2",
        () -> LayerRemoval.last(3).apply(dense));
  }

  private static List<Integer> origins(Model model, Stack stack) {
    return model.blocks(stack).stream().map(Block::origin).toList();
  }

  @Test
  void refusesLayersThatAreNone() {
    Model model = TinyModels.decoder(4, false);
    assertMessage(
        "there is no layer 4: the model has 4, 0 to 3", () -> LayerRemoval.layers(4).apply(model));
    assertMessage("layer 2 is named twice", () -> LayerRemoval.layers(2, 2));
    assertMessage("name at least one layer to remove", LayerRemoval::layers);
    assertMessage(
        "Unknown layer strategy 'maxgap'. Did you mean: max-gap? Known: last, first, middle,"
            + " alternate, uniform, max-gap, input, output, both",
        () -> LayerStrategy.named("maxgap"));
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }
}
