package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.model.Config;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderSessionTest {
  private static final int VOCABULARY = 5000; // two pieces of the head
  private static final Model MODEL = RandomModels.llama(3, 64, 4, 2, 96, VOCABULARY);

  @Test
  void scoresTheLogSoftmaxOfTheLogits() {
    try (DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32)) {
      TokenTree chain = TokenTree.chain(ids(9, 1));
      float[][] logits = session.logits(chain, 3, 8);
      int best = 0;
      for (int v = 0; v < VOCABULARY; v++) {
        best = logits[1][v] > logits[1][best] ? v : best;
      }
      Scores scores =
          session.score(
              List.of(chain),
              List.of(new Target(0, 3, 17), new Target(0, 8, best), new Target(0, 3, 4999)));
      assertEquals(logSoftmax(logits[0], 17), scores.logProbabilities()[0], 1e-5);
      assertEquals(logSoftmax(logits[1], best), scores.logProbabilities()[1], 1e-5);
      assertEquals(logSoftmax(logits[0], 4999), scores.logProbabilities()[2], 1e-5);
      assertArrayEquals(new boolean[] {false, true, false}, scores.greedy());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 96, 97, 128, 129, 257, 400})
  void aLongSequenceScoresAsItsPrefixes(int length) {
    // The block-wise attention of long sequences against the plain one of short prefixes.
    try (DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32_PACKED)) {
      int[] ids = ids(length, 2);
      int node = Math.min(length, 96) - 1;
      float[] whole = session.logits(TokenTree.chain(ids), node)[0];
      float[] prefix =
          session.logits(TokenTree.chain(java.util.Arrays.copyOf(ids, node + 1)), node)[0];
      assertArrayEquals(prefix, whole, 2e-5f);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 60, 150, 300})
  void aTreeScoresAsItsBranchesAlone(int context) {
    int[] head = ids(context, 3);
    int[] left = ids(5, 4);
    int[] right = ids(7, 5);
    int[] tokens = new int[context + 12];
    int[] parents = new int[context + 12];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] =
          i < context ? head[i] : i < context + 5 ? left[i - context] : right[i - context - 5];
      parents[i] = i == context + 5 ? context - 1 : i - 1;
    }
    try (DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32_PACKED)) {
      float[][] both = session.logits(new TokenTree(tokens, parents), context + 4, context + 11);
      assertArrayEquals(last(session, head, left), both[0], 2e-5f);
      assertArrayEquals(last(session, head, right), both[1], 2e-5f);
    }
  }

  @Test
  void aScoreDoesNotDependOnItsBatch() {
    try (DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32_PACKED)) {
      List<TokenTree> batch = new ArrayList<>();
      List<Target> targets = new ArrayList<>();
      for (int t = 0; t < 9; t++) {
        batch.add(TokenTree.chain(ids(5 + 23 * t, t)));
        targets.add(new Target(t, 4 + t, 100 + t));
      }
      float[] together = session.score(batch, targets).logProbabilities();
      for (int t = 0; t < 9; t++) {
        Target alone = new Target(0, 4 + t, 100 + t);
        float score = session.score(List.of(batch.get(t)), List.of(alone)).logProbabilities()[0];
        assertEquals(score, together[t], 1e-5);
      }
    }
  }

  @Test
  void generationTakesTheLikeliestTokenOfTheWholeSequence() {
    try (DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32)) {
      int[] prompt = ids(110, 6);
      int[] made = session.generate(prompt, 5, false);
      int[] sequence = java.util.Arrays.copyOf(prompt, 115);
      for (int i = 0; i < 5; i++) {
        int node = 109 + i;
        int[] prefix = java.util.Arrays.copyOf(sequence, node + 1);
        Target target = new Target(0, node, made[i]);
        assertTrue(session.score(List.of(TokenTree.chain(prefix)), List.of(target)).greedy()[0]);
        sequence[node + 1] = made[i];
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void everyFormatStaysNearFloat32(WeightFormat format) {
    double allowed =
        switch (format) {
          case FLOAT32, FLOAT32_PACKED -> 1e-5;
          case BFLOAT16 -> 0.02;
          case INT8_DYNAMIC -> 0.05;
          case INT4_GROUP -> 0.4;
        };
    TokenTree chain = TokenTree.chain(ids(40, 8));
    try (DecoderSession exact = DecoderSession.open(MODEL, WeightFormat.FLOAT32);
        DecoderSession session = DecoderSession.open(MODEL, format)) {
      float[] want = exact.logits(chain, 39)[0];
      float[] got = session.logits(chain, 39)[0];
      double error = 0;
      double norm = 0;
      for (int v = 0; v < VOCABULARY; v++) {
        error += Math.pow(want[v] - got[v], 2);
        norm += Math.pow(want[v], 2);
      }
      assertEquals(0, Math.sqrt(error / norm), allowed);
    }
  }

  @Test
  void tellsWhatIsWrongWithABadRequest() {
    DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32);
    TokenTree chain = TokenTree.chain(1, 2);
    assertMessage("node must be in [0, 2), was 2", () -> session.logits(chain, 2));
    assertMessage(
        "token must be in [0, 5000), was 5000",
        () -> session.score(List.of(chain), List.of(new Target(0, 0, 5000))));
    session.close();
    session.close();
    IllegalStateException closed =
        assertThrows(IllegalStateException.class, () -> session.logits(chain, 1));
    assertEquals("this session is closed: open the model again", closed.getMessage());
  }

  @Test
  void refusesAnActivationThatThePageDoesNotCompute() {
    Config silu = MODEL.config();
    Config relu =
        new Config(
            silu.family(),
            silu.width(),
            silu.feedForward(),
            silu.vocabulary(),
            silu.maxPositions(),
            silu.normEpsilon(),
            "mish",
            silu.embeddings(),
            silu.attention(),
            silu.rotary(),
            silu.head(),
            silu.special());
    Model other =
        new Model(relu, MODEL.shared(), MODEL.blocks(), MODEL.tokenizer(), MODEL.lineage());
    assertMessage(
        "random: hidden_act 'mish' is not supported for llama, only 'gelu', 'gelu_python',"
            + " 'gelu_new', 'gelu_pytorch_tanh', 'gelu_fast', 'relu', 'silu', 'swish', 'quick_gelu'"
            + " are",
        () -> DecoderSession.open(other, WeightFormat.FLOAT32));
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static float[] last(DecoderSession session, int[] head, int[] tail) {
    int[] ids = java.util.Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, ids, head.length, tail.length);
    return session.logits(TokenTree.chain(ids), ids.length - 1)[0];
  }

  private static int[] ids(int count, long seed) {
    return new Random(seed).ints(count, 0, VOCABULARY).toArray();
  }

  private static double logSoftmax(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - logits[token]);
    }
    return -Math.log(sum);
  }
}
