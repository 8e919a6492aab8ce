package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.engine.DecoderSession.Node;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.model.Config;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What follows a prefix scores as the whole sequence does, in every decoder of the fixtures. */
class PrefixTest {
  private static final Model TOY = RandomModels.llama(2, 16, 4, 2, 24, 50);

  private static Stream<DynamicTest> each(Consumer<Model> check) {
    return DecoderFamiliesTest.decoders()
        .map(m -> dynamicTest(m.lineage().name(), () -> check.accept(m)));
  }

  @TestFactory
  Stream<DynamicTest> aSequenceScoresTheSameWhereverItIsSplit() {
    return each(
        model -> {
          int[] ids = ids(model, Math.min(120, model.config().maxPositions()));
          int last = ids.length - 1;
          List<Target> targets =
              List.of(new Target(0, last - 1, ids[last]), new Target(0, last, 3));
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            Scores whole = session.score(List.of(TokenTree.chain(ids)), targets);
            for (int split : new int[] {1, 2, 7, 19, ids.length / 2, last - 1}) {
              try (Prefix prefix = session.prefix(Arrays.copyOf(ids, split))) {
                TokenTree rest = TokenTree.chain(Arrays.copyOfRange(ids, split, ids.length));
                List<Target> moved =
                    targets.stream().map(t -> new Target(0, t.node() - split, t.token())).toList();
                Scores after = session.score(prefix, List.of(rest), moved);
                assertArrayEquals(whole.logProbabilities(), after.logProbabilities(), 1e-5f);
                assertArrayEquals(whole.greedy(), after.greedy());
              }
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> severalTreesFollowOnePrefix() {
    return each(
        model -> {
          int[] ids = ids(model, 35);
          int[] first = Arrays.copyOf(ids, 30);
          TokenTree fork = new TokenTree(new int[] {4, 5, 6, 7, 8}, new int[] {-1, 0, 1, 0, 3});
          TokenTree roots = new TokenTree(new int[] {9, 10, 11}, new int[] {-1, -1, 1});
          TokenTree chain = TokenTree.chain(Arrays.copyOfRange(ids, 30, 35));
          List<Node> nodes =
              List.of(new Node(2, 4), new Node(0, 2), new Node(1, 0), new Node(0, 4));
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED);
              Prefix prefix = session.prefix(first)) {
            float[][] rows = session.logits(prefix, List.of(fork, roots, chain), nodes);
            assertArrayEquals(alone(session, ids), rows[0], 2e-5f);
            assertArrayEquals(alone(session, with(first, 4, 5, 6)), rows[1], 2e-5f);
            assertArrayEquals(alone(session, with(first, 9)), rows[2], 2e-5f);
            assertArrayEquals(alone(session, with(first, 4, 7, 8)), rows[3], 2e-5f);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aPrefixExtendsAPrefix() {
    return each(
        model -> {
          int[] ids = ids(model, Math.min(110, model.config().maxPositions()));
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32);
              Prefix one = session.prefix(Arrays.copyOf(ids, 3));
              Prefix two = session.prefix(one, Arrays.copyOfRange(ids, 3, 20));
              Prefix three = session.prefix(two, Arrays.copyOfRange(ids, 20, 100))) {
            assertEquals(100, three.length());
            int[] rest = Arrays.copyOfRange(ids, 100, ids.length);
            Node end = new Node(0, rest.length - 1);
            float[][] rows = session.logits(three, List.of(TokenTree.chain(rest)), List.of(end));
            assertArrayEquals(alone(session, ids), rows[0], 2e-5f);
            // What was extended still serves.
            float[][] sooner =
                session.logits(two, List.of(TokenTree.chain(ids[20])), List.of(new Node(0, 0)));
            assertArrayEquals(alone(session, Arrays.copyOf(ids, 21)), sooner[0], 2e-5f);
          }
        });
  }

  /** Windows that see all, some or nothing of the prefix, alone and where other blocks see all. */
  @Test
  void aWindowReachesBackIntoThePrefixAsFarAsItIsWide() {
    for (List<Boolean> limited : List.of(List.of(true), List.of(true, false))) {
      for (int window : new int[] {1, 2, 5, 20, 40, 60, 200}) {
        Model model = windowed(window, limited);
        int[] ids = ids(model, 160);
        try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32);
            Prefix before = session.prefix(Arrays.copyOf(ids, 20));
            Prefix prefix = session.prefix(before, Arrays.copyOfRange(ids, 20, 50))) {
          for (int length : new int[] {51, 53, 70, 160}) {
            int[] rest = Arrays.copyOfRange(ids, 50, length);
            Node end = new Node(0, rest.length - 1);
            float[][] rows = session.logits(prefix, List.of(TokenTree.chain(rest)), List.of(end));
            assertArrayEquals(alone(session, Arrays.copyOf(ids, length)), rows[0], 2e-5f);
          }
          TokenTree fork = new TokenTree(new int[] {4, 5, 6, 7, 8}, new int[] {-1, 0, 1, 0, 3});
          float[][] rows = session.logits(prefix, List.of(fork), List.of(new Node(0, 4)));
          assertArrayEquals(alone(session, with(Arrays.copyOf(ids, 50), 4, 7, 8)), rows[0], 2e-5f);
        }
      }
    }
  }

  @Test
  void everyFormatContinuesAPrefix() {
    Model model = RandomModels.llama(2, 64, 4, 2, 96, 64);
    int[] ids = ids(model, 40);
    for (WeightFormat format : WeightFormat.values()) {
      try (DecoderSession session = DecoderSession.open(model, format);
          Prefix prefix = session.prefix(Arrays.copyOf(ids, 25))) {
        TokenTree rest = TokenTree.chain(Arrays.copyOfRange(ids, 25, 40));
        float[] after = session.logits(prefix, List.of(rest), List.of(new Node(0, 14)))[0];
        float[] whole = alone(session, ids);
        // Rounding to fewer bits tells the two ways of summing apart where a value is on a border.
        float allowed =
            switch (format) {
              case FLOAT32, FLOAT32_PACKED -> 2e-5f;
              default -> 0.02f * largest(whole);
            };
        assertArrayEquals(whole, after, allowed, format.label());
      }
    }
  }

  @Test
  void saysHowLargeItIsAndGoesWithItsSession() {
    DecoderSession session = DecoderSession.open(TOY, WeightFormat.FLOAT32);
    Prefix prefix = session.prefix(1, 2, 3);
    Prefix more = session.prefix(prefix, 4);
    assertEquals(3, prefix.length());
    assertEquals(4, more.length());
    // Keys and values of 2 blocks: 2 heads of 4 numbers for every token.
    assertEquals(2 * 2 * 2 * 4 * 4 * 3, prefix.sizeBytes());
    assertEquals(2 * 2 * 2 * 4 * 4, more.sizeBytes());
    session.close();
    more.close();
    prefix.close();
    prefix.close();
    assertThrows(IllegalStateException.class, () -> score(session, prefix));
  }

  @Test
  void isRefusedWhenClosedAndWhereItIsNotKnown() {
    try (DecoderSession session = DecoderSession.open(TOY, WeightFormat.FLOAT32);
        DecoderSession other = DecoderSession.open(TOY, WeightFormat.FLOAT32)) {
      Prefix prefix = session.prefix(1, 2, 3);
      Prefix more = session.prefix(prefix, 4);
      assertMessage(
          IllegalArgumentException.class,
          "this prefix was computed by another session of "
              + TOY.label()
              + ": compute it in the one that continues it",
          () -> score(other, prefix));
      prefix.close();
      assertMessage(
          IllegalStateException.class,
          "this prefix is closed: compute it again",
          () -> score(session, prefix));
      assertMessage(
          IllegalStateException.class,
          "the prefix that this one extends is closed: keep it open until this one is",
          () -> score(session, more));
      assertMessage(
          IllegalArgumentException.class,
          "a prefix needs at least one token",
          () -> session.prefix());
    }
  }

  @TestFactory
  Stream<DynamicTest> aPositionThatWasNotLearnedIsRefusedAfterAPrefixToo() {
    return each(
        model -> {
          if (!model.config().learnsPositions()) {
            return;
          }
          int positions = model.config().maxPositions();
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32);
              Prefix prefix = session.prefix(ids(model, positions))) {
            var error = assertThrows(IllegalArgumentException.class, () -> score(session, prefix));
            assertTrue(
                error.getMessage().contains("a text has a token at position " + positions),
                error.getMessage());
          }
        });
  }

  private static void assertMessage(
      Class<? extends RuntimeException> kind, String message, Runnable call) {
    assertEquals(message, assertThrows(kind, call::run).getMessage());
  }

  private static Scores score(DecoderSession session, Prefix prefix) {
    return session.score(prefix, List.of(TokenTree.chain(1)), List.of(new Target(0, 0, 1)));
  }

  /** The logits after a whole sequence, computed alone. */
  private static float[] alone(DecoderSession session, int[] ids) {
    return session.logits(TokenTree.chain(ids), ids.length - 1)[0];
  }

  private static float largest(float[] row) {
    float most = 0;
    for (float value : row) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static int[] with(int[] ids, int... more) {
    int[] all = Arrays.copyOf(ids, ids.length + more.length);
    System.arraycopy(more, 0, all, ids.length, more.length);
    return all;
  }

  private static int[] ids(Model model, int count) {
    return new Random(count).ints(count, 0, model.config().vocabulary()).toArray();
  }

  /** The toy with blocks that look back no further than a window, by turns as limited says. */
  private static Model windowed(int window, List<Boolean> limited) {
    Config c = TOY.config();
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
            c.attention().withWindow(new Config.Window(window, new ArrayList<>(limited))),
            c.rotary(),
            c.head(),
            c.special());
    return new Model(other, TOY.shared(), TOY.blocks(), TOY.tokenizer(), TOY.lineage());
  }
}
