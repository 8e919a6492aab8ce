package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.EncoderDecoderSession.Continuation;
import io.kerf.engine.EncoderDecoderSession.Input;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderDecoderSessionTest {
  private static final int VOCABULARY = 320;
  private static final Model MODEL = RandomEncoders.t5(3, 2, 64, 96, VOCABULARY);

  private static int[] ids(int count, long seed) {
    return new Random(seed).ints(count, 2, VOCABULARY).toArray();
  }

  @Test
  void aResultDoesNotDependOnItsBatch() {
    List<Input> batch = new ArrayList<>();
    int[] lengths = {7, 3, 7, 40, 1, 7, 3};
    for (int i = 0; i < lengths.length; i++) {
      int[] context = ids(lengths[i], i % 2); // some contexts are the same
      batch.add(new Input(context, ids(1 + 5 * i % 7, 20 + i), i % 2 == 0 ? 0 : 5 * i % 7));
    }
    try (var session = EncoderDecoderSession.open(MODEL, WeightFormat.FLOAT32_PACKED)) {
      float[][] together = session.logits(batch);
      for (int i = 0; i < batch.size(); i++) {
        assertArrayEquals(session.logits(List.of(batch.get(i)))[0], together[i], 1e-5f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 33, 150, 300})
  void aDecoderSeesNothingOfWhatComes(int length) {
    int[] context = ids(length, 1);
    int[] decoded = ids(length, 2);
    int[] shorter = java.util.Arrays.copyOf(decoded, (length + 1) / 2);
    try (var session = EncoderDecoderSession.open(MODEL, WeightFormat.FLOAT32)) {
      float[] whole = session.logits(List.of(new Input(context, decoded, shorter.length - 1)))[0];
      float[] start = session.logits(List.of(new Input(context, shorter, shorter.length - 1)))[0];
      assertArrayEquals(start, whole, 1e-5f);
    }
  }

  @Test
  void continuationsAreScoredByTheLogSoftmaxOfTheLogits() {
    List<int[]> contexts = List.of(ids(9, 1), ids(4, 2));
    List<Continuation> continuations =
        List.of(
            new Continuation(1, 5, 6, 7),
            new Continuation(0, 5),
            new Continuation(0),
            new Continuation(1, 300));
    try (var session = EncoderDecoderSession.open(MODEL, WeightFormat.FLOAT32)) {
      List<Scores> scores = session.score(contexts, continuations);
      for (int i = 0; i < continuations.size(); i++) {
        int[] tokens = continuations.get(i).tokens();
        assertEquals(tokens.length, scores.get(i).logProbabilities().length);
        int[] decoded = session.decoderInput(tokens);
        for (int t = 0; t < tokens.length; t++) {
          int[] context = contexts.get(continuations.get(i).context());
          float[] logits = session.logits(List.of(new Input(context, decoded, t)))[0];
          double want = logSoftmax(logits, tokens[t]);
          assertEquals(want, scores.get(i).logProbabilities()[t], 1e-5);
        }
      }
    }
  }

  @Test
  void generationTakesTheLikeliestTokenOfTheWholeSequence() {
    int[] context = ids(12, 5);
    try (var session = EncoderDecoderSession.open(MODEL, WeightFormat.FLOAT32)) {
      int[] made = session.generate(context, 20, false);
      assertEquals(20, made.length);
      int[] decoded = session.decoderInput(made);
      for (int t = 0; t < made.length; t++) {
        float[] logits = session.logits(List.of(new Input(context, decoded, t)))[0];
        for (float logit : logits) {
          assertTrue(logit <= logits[made[t]] + 1e-5f);
        }
      }
      assertEquals(0, session.generate(context, 0, false).length);
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void everyFormatStaysNearFloat32(WeightFormat format) {
    Input input = new Input(ids(30, 8), ids(10, 9), 9);
    try (var exact = EncoderDecoderSession.open(MODEL, WeightFormat.FLOAT32);
        var session = EncoderDecoderSession.open(MODEL, format)) {
      assertNear(format, exact.logits(List.of(input))[0], session.logits(List.of(input))[0]);
      assertEquals(5, session.generate(ids(6, 3), 5, false).length);
    }
  }

  /** The relative error that a format may make. */
  static void assertNear(WeightFormat format, float[] want, float[] got) {
    double allowed =
        switch (format) {
          case FLOAT32, FLOAT32_PACKED -> 1e-5;
          case BFLOAT16 -> 0.03;
          case INT8_DYNAMIC -> 0.08;
          case INT4_GROUP -> 0.6;
        };
    double error = 0;
    double norm = 0;
    for (int v = 0; v < want.length; v++) {
      error += Math.pow(want[v] - got[v], 2);
      norm += Math.pow(want[v], 2);
    }
    assertEquals(0, Math.sqrt(error / norm), allowed);
  }

  @Test
  void tellsWhatIsWrongWithABadRequest() {
    var session = EncoderDecoderSession.open(MODEL, WeightFormat.FLOAT32);
    assertMessage(
        "an input needs at least one id for the encoder and one for the decoder, got 0 and 1",
        () -> new Input(new int[0], new int[1]));
    assertMessage(
        "a scored position must be in [0, 1), was 1", () -> new Input(new int[1], new int[1], 1));
    assertMessage(
        "token must be in [0, 320), was 320",
        () -> session.generate(new int[] {VOCABULARY}, 1, false));
    assertMessage(
        "a context must be in [0, 1), was 1",
        () -> session.score(List.of(new int[1]), List.of(new Continuation(1, 2))));
    assertMessage(
        "no label is scored: all are -100",
        () -> session.loss(List.of(new int[1]), List.of(new int[] {-100})));
    assertMessage(
        "every context needs labels, got 1 and 0",
        () -> session.loss(List.of(new int[1]), List.of()));
    session.close();
    session.close();
    var closed =
        assertThrows(IllegalStateException.class, () -> session.generate(new int[] {2}, 1, false));
    assertEquals("this session is closed: open the model again", closed.getMessage());
  }

  @Test
  void everySessionRefusesModelsOfAnotherKind() {
    assertMessage(
        "random is an encoder-decoder model (t5), a causal one is needed here",
        () -> DecoderSession.open(MODEL, WeightFormat.FLOAT32));
    assertMessage(
        "random is an encoder-decoder model (t5), a masked one is needed here",
        () -> EncoderSession.open(MODEL, WeightFormat.FLOAT32));
    assertMessage(
        "random is a masked language model (albert), an encoder-decoder one is needed here",
        () ->
            EncoderDecoderSession.open(
                RandomEncoders.albert(1, 32, 32, 32, 32), WeightFormat.FLOAT32));
  }

  @Test
  void refusesAnActivationThatThePageDoesNotCompute() {
    Model other = RandomEncoders.withActivation(MODEL, "gated-mish");
    assertMessage(
        "random: hidden_act 'gated-mish' is not supported for t5, only 'gelu', 'gelu_python',"
            + " 'gelu_new', 'gelu_pytorch_tanh', 'gelu_fast', 'relu', 'silu', 'swish',"
            + " 'quick_gelu' are, gated or not",
        () -> EncoderDecoderSession.open(other, WeightFormat.FLOAT32));
    Model albert = RandomEncoders.albert(1, 32, 32, 32, 32);
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    EncoderSession.open(
                        RandomEncoders.withActivation(albert, "gated-relu"), WeightFormat.FLOAT32))
            .getMessage()
            .startsWith("random: hidden_act 'gated-relu' is not supported for albert"));
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static double logSoftmax(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - logits[token]);
    }
    return -Math.log(sum);
  }
}
