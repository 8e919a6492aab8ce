package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kerf.engine.RandomModels;
import io.kerf.engine.TokenTree;
import io.kerf.model.Config;
import io.kerf.model.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostTest {
  private static final Model MODEL = RandomModels.llama(2, 8, 2, 1, 12, 20);

  /** The same, its second block with a window of three tokens. */
  private static Model windowed() {
    Config c = MODEL.config();
    Config other =
        new Config(
            c.family(),
            c.width(),
            c.feedForward(),
            c.vocabulary(),
            c.maxPositions(),
            c.normEpsilon(),
            c.activation(),
            c.embeddings(),
            c.attention().withWindow(new Config.Window(3, List.of(false, true))),
            c.rotary(),
            c.head(),
            c.special());
    return new Model(other, MODEL.shared(), MODEL.blocks(), MODEL.tokenizer(), MODEL.lineage());
  }

  @Test
  void countsTwoOperationsForEveryWeightAndFourForEveryNumberOfAPair() {
    // A block: queries and output 8 x 8, keys and values 4 x 8, three of 12 x 8.
    double block = 2 * (2 * 64 + 2 * 32 + 3 * 96);
    // What follows attention in the last block is needed where the head reads alone.
    double finishing = 2 * (64 + 3 * 96);
    assertEquals(5 * (2 * block - finishing) + 15 * 4 * 8 * 2, Cost.of(MODEL).causal(5));
    assertEquals(finishing + 2 * 8 * 20, Cost.of(MODEL).perScored());
  }

  @Test
  void aBlockWithAWindowLooksAtNoMoreThanThat() {
    double saved = Cost.of(MODEL).causal(5) - Cost.of(windowed()).causal(5);
    assertEquals(3 * 4 * 8, saved); // the fourth token sees one less, the fifth two
  }

  @Test
  void aChainCostsWhatItsSequenceCosts() {
    for (Model model : List.of(MODEL, windowed())) {
      Cost cost = Cost.of(model);
      assertEquals(cost.causal(5), cost.tree(TokenTree.chain(1, 2, 3, 4, 5), 0));
      assertEquals(cost.causal(2), cost.tree(TokenTree.chain(1, 2), 0));
    }
  }

  @Test
  void aSequenceCostsTheSameInParts() {
    for (Model model : List.of(MODEL, windowed())) {
      Cost cost = Cost.of(model);
      double parts = cost.following(0, 2) + cost.following(2, 3);
      assertEquals(cost.causal(7), parts + cost.tree(TokenTree.chain(1, 2), 5));
    }
  }
}
