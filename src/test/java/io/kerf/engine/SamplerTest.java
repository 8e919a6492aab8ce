package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.engine.Sampler.AfterEos;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What holds for text that is drawn, in every decoder of the fixtures. */
class SamplerTest {
  private static final Progress UNSEEN = units -> {};
  private static final TokenSampling LIKELIEST = TokenSampling.temperature(0);
  private static final TokenSampling DRAWN =
      TokenSampling.temperature(0.9).topK(40).topP(0.9).seed(3);
  private static final Model MODEL = RandomModels.llama(2, 32, 4, 2, 48, 300);

  private static Stream<DynamicTest> each(Consumer<Model> check) {
    return DecoderFamiliesTest.decoders()
        .map(m -> dynamicTest(m.lineage().name(), () -> check.accept(m)));
  }

  @TestFactory
  Stream<DynamicTest> withoutTemperatureItWritesWhatGenerateDoes() {
    return each(
        model -> {
          int[] prompt = ids(model, 9);
          int count = Math.min(24, model.config().maxPositions() - prompt.length);
          for (WeightFormat format :
              List.of(WeightFormat.FLOAT32, WeightFormat.FLOAT32_PACKED, WeightFormat.BFLOAT16)) {
            try (DecoderSession session = DecoderSession.open(model, format)) {
              int[] greedy = session.generate(prompt, count, false);
              List<WrittenRow> rows = write(session, LIKELIEST, prompt, count, 0, 5);
              for (WrittenRow row : rows) {
                assertArrayEquals(greedy, newIds(row, prompt));
              }
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aSequenceDoesNotDependOnHowManyThereAre() {
    return each(
        model -> {
          int[] prompt = ids(model, 3);
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            List<WrittenRow> together = write(session, DRAWN, prompt, 20, 0, 7);
            for (int i = 0; i < 7; i++) {
              WrittenRow alone = write(session, DRAWN, prompt, 20, i, 1).get(0);
              assertArrayEquals(alone.ids(), together.get(i).ids());
            }
            assertNotEquals(
                Arrays.toString(together.get(0).ids()), Arrays.toString(together.get(1).ids()));
          }
        });
  }

  /** Two likeliest tokens at most: each must be one of those by the whole sequence's logits. */
  @TestFactory
  Stream<DynamicTest> everyTokenIsDrawnFromTheLogitsOfItsWholeText() {
    return each(
        model -> {
          int[] prompt = ids(model, 4);
          int count = Math.min(40, model.config().maxPositions() - prompt.length);
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            TokenSampling two = TokenSampling.temperature(1).topK(2).seed(1);
            for (WrittenRow row : write(session, two, prompt, count, 0, 4)) {
              assertLikely(session, row.ids(), prompt.length, 2);
            }
          }
        });
  }

  /** The likeliest text ends where a token says so, and is written again: always the same. */
  @TestFactory
  Stream<DynamicTest> aTextSeesNothingOfThoseBeforeIt() {
    return each(
        model -> {
          int[] prompt = ids(model, 4);
          int count = Math.min(60, model.config().maxPositions() - prompt.length);
          int[] greedy;
          try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
            greedy = session.generate(prompt, 12, false);
          }
          int eos = greedy[greedy.length - 1];
          int length = prompt.length + 1;
          while (greedy[length - prompt.length - 1] != eos) {
            length++;
          }
          Model ending = withSpecial(model, new Config.SpecialIds(-1, eos, -1));
          try (DecoderSession session = DecoderSession.open(ending, WeightFormat.FLOAT32)) {
            for (WrittenRow row :
                new Sampler(session, LIKELIEST)
                    .write(prompt, count, AfterEos.BEGIN_ANEW, 0, 3, UNSEEN)) {
              assertEquals((prompt.length + count + length - 1) / length, row.texts().size());
              for (int[] text : row.texts()) {
                assertArrayEquals(Arrays.copyOf(row.ids(), text.length), text);
              }
            }
          }
        });
  }

  /** A token that ends a text and begins the next stands once. */
  @Test
  void oneTokenMayEndATextAndBeginTheNext() {
    Model model = withSpecial(MODEL, new Config.SpecialIds(7, 7, -1));
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      TokenSampling hot = TokenSampling.temperature(1000).topK(300).seed(9);
      List<WrittenRow> rows =
          new Sampler(session, hot).write(new int[] {7}, 400, AfterEos.BEGIN_ANEW, 0, 8, UNSEEN);
      int texts = 0;
      for (WrittenRow row : rows) {
        assertEquals(401, row.ids().length);
        for (int[] text : row.texts()) {
          assertEquals(7, text[0]);
          assertEquals(1, Arrays.stream(text).filter(id -> id == 7).count());
          texts++;
        }
      }
      assertTrue(texts > 8, texts + " texts");
    }
  }

  @Test
  void aSequenceStopsBeforeEos() {
    int[] prompt = {3, 4};
    try (DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32)) {
      int eos = session.generate(prompt, 6, false)[5];
      Model ending = withSpecial(MODEL, new Config.SpecialIds(-1, eos, -1));
      try (DecoderSession stopping = DecoderSession.open(ending, WeightFormat.FLOAT32)) {
        int[] greedy = stopping.generate(prompt, 30, true);
        WrittenRow row =
            new Sampler(stopping, LIKELIEST).write(prompt, 30, AfterEos.STOP, 0, 2, UNSEEN).get(1);
        assertArrayEquals(greedy, newIds(row, prompt));
      }
    }
  }

  @Test
  void tellsWhatIsWrong() {
    try (DecoderSession session = DecoderSession.open(MODEL, WeightFormat.FLOAT32)) {
      Sampler sampler = new Sampler(session, DRAWN);
      assertEquals(
          "a prompt needs at least one token, for instance bos",
          refused(() -> sampler.write(new int[0], 3, AfterEos.STOP, 0, 1, UNSEEN)));
      assertEquals(
          "at least 1 token, 1 sequence and a first number of 0 are needed, were 0, 1 and 0",
          refused(() -> sampler.write(new int[] {1}, 0, AfterEos.STOP, 0, 1, UNSEEN)));
      assertEquals(
          "token must be in [0, 300), was 300",
          refused(() -> sampler.write(new int[] {300}, 1, AfterEos.STOP, 0, 1, UNSEEN)));
      Thread.currentThread().interrupt();
      assertThrows(
          Interrupted.class, () -> sampler.write(new int[] {1}, 9, AfterEos.STOP, 0, 1, UNSEEN));
    }
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  private static Model withSpecial(Model model, Config.SpecialIds special) {
    Config c = model.config();
    Config config =
        new Config(
            c.family(),
            c.width(),
            c.feedForward(),
            c.vocabulary(),
            c.maxPositions(),
            c.normEpsilon(),
            c.activation(),
            c.embeddings(),
            c.attention(),
            c.rotary(),
            c.head(),
            special,
            c.norms());
    return new Model(config, model.shared(), model.blocks(), model.tokenizer(), model.lineage());
  }

  private static void assertLikely(DecoderSession session, int[] ids, int from, int among) {
    if (ids.length <= from) {
      return;
    }
    int[] nodes = new int[ids.length - from];
    Arrays.setAll(nodes, i -> from - 1 + i);
    float[][] logits = session.logits(TokenTree.chain(ids), nodes);
    for (int i = 0; i < nodes.length; i++) {
      float own = logits[i][ids[from + i]];
      int likelier = 0;
      for (float logit : logits[i]) {
        likelier += logit > own + 1e-4 ? 1 : 0;
      }
      assertTrue(likelier < among, "token " + (from + i) + " of " + Arrays.toString(ids));
    }
  }

  private static int[] newIds(WrittenRow row, int[] prompt) {
    return Arrays.copyOfRange(row.ids(), prompt.length, row.ids().length);
  }

  private static List<WrittenRow> write(
      DecoderSession session, TokenSampling how, int[] prompt, int count, int first, int rows) {
    return new Sampler(session, how).write(prompt, count, AfterEos.GO_ON, first, rows, UNSEEN);
  }

  private static int[] ids(Model model, int count) {
    return new Random(count).ints(count, 0, model.config().vocabulary()).toArray();
  }
}
