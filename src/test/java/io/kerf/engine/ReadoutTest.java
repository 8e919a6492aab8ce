package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.Fixtures;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadoutTest {
  private static final int[] ALL = IntStream.range(0, 11).toArray();

  private static Model first(Family.Kind kind) {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .filter(model -> model.config().family().kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static int[] ids(Model model) {
    return IntStream.range(0, 11).map(i -> (7 * i + 3) % model.config().vocabulary()).toArray();
  }

  /** A few rows at a time, they are those that come all at once. */
  private static void check(Readout readout, float[][] whole) {
    assertEquals(whole.length, readout.rows());
    for (int from = 0; from < whole.length; from += 4) {
      int count = Math.min(4, whole.length - from);
      float[][] part = readout.logits(from, count);
      assertEquals(count, part.length);
      for (int r = 0; r < count; r++) {
        assertArrayEquals(whole[from + r], part[r], 1e-5f);
      }
    }
    assertEquals(
        "rows must be in [0, 11), were 9 to 11",
        assertThrows(IllegalArgumentException.class, () -> readout.logits(9, 3)).getMessage());
  }

  @Test
  void aDecodersRowsAreItsLogits() {
    Model model = first(Family.Kind.CAUSAL);
    TokenTree chain = TokenTree.chain(ids(model));
    try (var session = DecoderSession.open(model, WeightFormat.FLOAT32);
        Readout readout = session.read(chain, ALL)) {
      check(readout, session.logits(chain, ALL));
      assertEquals(
          "node must be in [0, 11), was 11",
          assertThrows(IllegalArgumentException.class, () -> session.read(chain, 11)).getMessage());
    }
  }

  @Test
  void anEncodersRowsAreItsLogits() {
    Model model = first(Family.Kind.MASKED);
    var input = EncoderSession.Input.of(ids(model), ALL);
    try (var session = EncoderSession.open(model, WeightFormat.FLOAT32);
        Readout readout = session.read(input)) {
      check(readout, session.logits(List.of(input)));
      var beyond = EncoderSession.Input.of(ids(model), 11);
      assertEquals(
          "a scored position must be in [0, 11), was 11",
          assertThrows(IllegalArgumentException.class, () -> session.read(beyond)).getMessage());
    }
  }

  @Test
  void anEncoderDecodersRowsAreItsLogits() {
    Model model = first(Family.Kind.ENCODER_DECODER);
    var input = new EncoderDecoderSession.Input(ids(model), ids(model), ALL);
    try (var session = EncoderDecoderSession.open(model, WeightFormat.FLOAT32);
        Readout readout = session.read(input)) {
      check(readout, session.logits(List.of(input)));
    }
  }
}
