package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.engine.EncoderSession.Input;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderSessionTest {
  private static final int VOCABULARY = 320;
  private static final Model ALBERT = RandomEncoders.albert(4, 64, 32, 96, VOCABULARY);

  private static Input input(int length, long seed, int... scored) {
    return Input.of(new Random(seed).ints(length, 0, VOCABULARY).toArray(), scored);
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void sharedBlocksRunInEveryFormat(WeightFormat format) {
    List<Input> batch = List.of(input(20, 1, 3));
    try (var exact = EncoderSession.open(ALBERT, WeightFormat.FLOAT32);
        var session = EncoderSession.open(ALBERT, format)) {
      EncoderDecoderSessionTest.assertNear(
          format, exact.logits(batch)[0], session.logits(batch)[0]);
    }
  }

  @Test
  void aResultDoesNotDependOnItsBatch() {
    List<Input> batch = new ArrayList<>();
    for (int length : new int[] {9, 30, 9, 1, 64}) {
      batch.add(input(length, batch.size(), length - 1));
    }
    try (var session = EncoderSession.open(ALBERT, WeightFormat.FLOAT32_PACKED)) {
      float[][] together = session.logits(batch);
      for (int i = 0; i < batch.size(); i++) {
        assertArrayEquals(session.logits(List.of(batch.get(i)))[0], together[i], 1e-5f);
      }
    }
  }

  @Test
  void refusesAnActivationThatThePageDoesNotCompute() {
    Model other = RandomEncoders.withActivation(ALBERT, "mish");
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> EncoderSession.open(other, WeightFormat.FLOAT32));
    assertEquals(
        "random: hidden_act 'mish' is not supported for albert, only 'gelu', 'gelu_python',"
            + " 'gelu_new', 'gelu_pytorch_tanh', 'gelu_fast', 'relu', 'silu', 'swish',"
            + " 'quick_gelu' are",
        error.getMessage());
  }
}
