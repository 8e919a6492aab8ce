package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TokenSamplingTest {
  private static final PtNDManager MEMORY = Libtorch.newMemory();
  private static final Script SCRIPT =
      Script.of(MEMORY, "linear.py", "activation.py", "head.py", "sampling.py");

  @AfterAll
  static void close() {
    SCRIPT.close();
    MEMORY.close();
  }

  @Test
  void drawsByHand() {
    // Probabilities 0.1, 0.4, 0.2, 0.3; the three likeliest of these, of which two have 0.7.
    float[] logits = {
      (float) Math.log(1), (float) Math.log(4), (float) Math.log(2), (float) Math.log(3)
    };
    double[] numbers = {0, 0.09, 0.11, 0.49, 0.51, 0.69, 0.71, 0.999};
    assertArrayEquals(
        new int[] {0, 0, 1, 1, 2, 2, 3, 3}, draw(logits, TokenSampling.temperature(1), numbers));
    TokenSampling three = TokenSampling.temperature(1).topK(3); // 0.4, 0.2, 0.3 of 0.9
    assertArrayEquals(
        new int[] {1, 1, 1, 2, 2, 3, 3, 3},
        draw(logits, three, 0, 0.43, 0.44, 0.45, 0.66, 0.67, 0.7, 0.999));
    // 0.4 / 0.9 and 0.3 / 0.9 together have 0.78: the third is left out at 0.7 and in at 0.8.
    assertArrayEquals(new int[] {1, 1, 3, 3}, draw(logits, three.topP(0.7), 0, 0.57, 0.58, 0.999));
    assertArrayEquals(new int[] {2}, draw(logits, three.topP(0.8), 0.5));
    assertArrayEquals(new int[] {1, 1}, draw(logits, TokenSampling.temperature(0), 0, 0.999));
    assertArrayEquals(new int[] {1, 1}, draw(logits, TokenSampling.temperature(1e-30), 0, 0.999));
  }

  /** Every token that transformers leaves has its share of the numbers, and no other has one. */
  @Test
  void leavesWhatTransformersLeaves() {
    List<Json> rows = golden().items();
    assertTrue(rows.size() > 3, "few rows of logits");
    for (Json row : rows) {
      float[] logits = floats(row.at("logits").numbers());
      for (Json left : row.at("left").items()) {
        int[] ids = left.at("ids").integers();
        double[] p = left.at("probabilities").numbers();
        TokenSampling sampling =
            new TokenSampling(
                left.at("temperature").number(),
                left.at("top_k").integer(),
                left.at("top_p").number(),
                0);
        double[] middles = new double[p.length];
        double passed = 0;
        for (int i = 0; i < p.length; i++) {
          middles[i] = passed + p[i] / 2;
          passed += p[i];
        }
        assertArrayEquals(ids, draw(logits, sampling, middles), sampling.label());
        double[] even = IntStream.range(0, 501).mapToDouble(i -> i / 501.0).toArray();
        Set<Integer> reached = set(draw(logits, sampling, even));
        assertTrue(set(ids).containsAll(reached), sampling.label());
      }
    }
  }

  @Test
  void frequenciesAreTheProbabilities() {
    float[] logits = floats(golden().at(1).at("logits").numbers());
    TokenSampling sampling = TokenSampling.temperature(1.3).topK(25).topP(0.9).seed(11);
    double[] even = IntStream.range(0, 40_000).mapToDouble(i -> (i + 0.5) / 40_000).toArray();
    double[] numbers =
        IntStream.range(0, 40_000).mapToDouble(i -> sampling.number(i % 64, i / 64)).toArray();
    int[] expected = counts(draw(logits, sampling, even), logits.length);
    int[] seen = counts(draw(logits, sampling, numbers), logits.length);
    double chi = 0;
    int left = 0;
    for (int i = 0; i < logits.length; i++) {
      assertTrue(expected[i] > 0 || seen[i] == 0, "token " + i);
      if (expected[i] > 0) {
        chi += Math.pow(seen[i] - expected[i], 2) / expected[i];
        left++;
      }
    }
    assertTrue(left > 10, left + " tokens left");
    // 5 deviations of a chi-squared distribution above its mean.
    assertTrue(chi < left - 1 + 5 * Math.sqrt(2.0 * (left - 1)), chi + " over " + left);
  }

  @Test
  void numbersAreEvenAndOfTheirPlace() {
    TokenSampling sampling = TokenSampling.temperature(1).seed(5);
    int[] tenths = new int[10];
    Set<Double> distinct = new TreeSet<>();
    for (int sequence = 0; sequence < 100; sequence++) {
      for (int place = 0; place < 100; place++) {
        double number = sampling.number(sequence, place);
        assertEquals(number, sampling.topK(3).number(sequence, place));
        distinct.add(number);
        tenths[(int) (10 * number)]++;
      }
    }
    assertEquals(10_000, distinct.size());
    for (int count : tenths) {
      assertEquals(1000, count, 150); // 5 deviations
    }
    assertTrue(sampling.number(0, 0) != sampling.seed(6).number(0, 0));
    // The same on every machine, for good: kept texts are found by the seed.
    assertEquals(0.6526127857771846, sampling.number(0, 0));
  }

  @Test
  void logitsThatAreNoNumbersAreNotDrawnFrom() {
    TokenSampling sampling = TokenSampling.temperature(1).topP(0.9);
    assertArrayEquals(new int[] {-1}, draw(new float[] {0, Float.NaN, 1}, sampling, 0.5));
    assertArrayEquals(
        new int[] {-1}, draw(new float[] {0, Float.POSITIVE_INFINITY}, sampling.topP(1), 0.5));
    assertArrayEquals(new int[] {1}, draw(new float[] {Float.NEGATIVE_INFINITY, 0}, sampling, 0.5));
  }

  @Test
  void tellsWhatIsWrongWithASetting() {
    assertMessage(
        "temperature must be 0 (the likeliest token) or more, was -1.0",
        () -> TokenSampling.temperature(-1));
    assertMessage(
        "temperature must be 0 (the likeliest token) or more, was NaN",
        () -> TokenSampling.temperature(Double.NaN));
    assertMessage(
        "topK must be at least 1, or 0 for all tokens, was -2",
        () -> TokenSampling.temperature(1).topK(-2));
    assertMessage(
        "topP must be in (0, 1], was 95.0; for a percentage write 0.95",
        () -> TokenSampling.temperature(1).topP(95));
    assertMessage("topP must be in (0, 1], was 0.0", () -> TokenSampling.temperature(1).topP(0));
  }

  @Test
  void saysWhatItIs() {
    assertEquals("the likeliest tokens", TokenSampling.temperature(0).label());
    assertEquals("temperature 1.0, seed 0", TokenSampling.temperature(1).label());
    assertEquals(
        "temperature 0.8, top-k 50, top-p 0.95, seed 1",
        TokenSampling.temperature(0.8).topK(50).topP(0.95).seed(1).label());
  }

  private static void assertMessage(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  /** The same logits for each number. */
  private static int[] draw(float[] logits, TokenSampling how, double... numbers) {
    float[] rows = new float[numbers.length * logits.length];
    for (int r = 0; r < numbers.length; r++) {
      System.arraycopy(logits, 0, rows, r * logits.length, logits.length);
    }
    try (NDArray all = MEMORY.create(rows, new Shape(numbers.length, logits.length));
        NDArray by = MEMORY.create(numbers);
        NDArray tokens =
            SCRIPT.array(MEMORY, "draw", all, by, how.temperature(), how.topK(), how.topP())) {
      return Arrays.stream(tokens.toLongArray()).mapToInt(Math::toIntExact).toArray();
    }
  }

  private static Json golden() {
    try (InputStream in = TokenSamplingTest.class.getResourceAsStream("/sampling/kept.json")) {
      return Json.parse(in.readAllBytes(), "kept.json");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) numbers[i]);
    return floats;
  }

  private static Set<Integer> set(int[] ids) {
    return Arrays.stream(ids).boxed().collect(Collectors.toSet());
  }

  private static int[] counts(int[] ids, int vocabulary) {
    int[] counts = new int[vocabulary];
    Arrays.stream(ids).forEach(id -> counts[id]++);
    return counts;
  }
}
