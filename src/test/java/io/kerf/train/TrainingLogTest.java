package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import io.kerf.json.JsonException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingLogTest {
  private static TrainingStep step(int step, long tokens, double loss, double seconds) {
    return new TrainingStep(step, tokens, loss, 3e-4, 1.5, seconds);
  }

  private static final TrainingLog LOG =
      new TrainingLog("cut", List.of(step(1, 100, 5, 2), step(2, 200, 4, 3)), 6e9);

  private static String refused(List<TrainingStep> steps) {
    return assertThrows(IllegalArgumentException.class, () -> TrainingLog.of("cut", steps))
        .getMessage();
  }

  @Test
  void sumsUpItsSteps() {
    assertEquals(5, LOG.seconds());
    assertEquals(200, LOG.tokens());
    assertEquals(40, LOG.tokensPerSecond());
    assertArrayEquals(new double[] {2, 3}, LOG.stepSeconds());
    assertArrayEquals(new double[] {5, 6.5 / 1.5}, LOG.smoothedLosses(0.5), 1e-12);
    assertEquals(7e9, LOG.withOperations(7e9).operations());
  }

  @Test
  void nothingTrainedTookNoTimeAndHasNoSpeed() {
    TrainingLog none = TrainingLog.of("cut", List.of());
    assertEquals(0, none.seconds());
    assertEquals(0, none.tokens());
    assertTrue(Double.isNaN(none.tokensPerSecond()));
  }

  @Test
  void theSpeedOfALaterPartLeavesOutWhatItsFirstStepRead() {
    assertEquals(
        100 / 4.0, TrainingLog.tokensPerSecond(List.of(step(7, 700, 5, 9), step(8, 800, 5, 4))));
  }

  @Test
  void comesBackFromJsonAsItWas() {
    TrainingLog log =
        new TrainingLog(
            "<a> \"b\"",
            List.of(
                new TrainingStep(1, 5_000_000_000L, 5.25, 1e-5, 0.3, 0.1),
                new TrainingStep(
                    2, 6_000_000_000L, Double.NaN, 3e-4, Double.POSITIVE_INFINITY, 0.2)),
            1.5e15);
    assertEquals(log, TrainingLog.of(Json.parse(log.json(), "log.json")));
  }

  @Test
  void refusesJsonThatIsNoLog() {
    assertEquals(
        "log.json: steps[0][2] must be a number, NaN, Infinity or -Infinity, was \"low\"",
        refused(LOG.json().replace("5.0,", "\"low\",")));
    assertEquals(
        "log.json: steps[1] must have 6 values, had 7",
        refused(LOG.json().replace("4.0,", "4,4,")));
    assertEquals(
        "log.json: columns must be [step, tokens, loss, learning rate, gradient norm, seconds],"
            + " were [step, tokens, loss, rate, gradient norm, seconds]",
        refused(LOG.json().replace("learning rate", "rate")));
    assertEquals(
        "log.json: cut: step 2 follows step 2, steps are counted upwards from 1",
        refused(LOG.json().replace("[1,", "[2,")));
  }

  private static String refused(String json) {
    return assertThrows(
            JsonException.class, () -> TrainingLog.of(Json.parse(json, "log.json")), json)
        .getMessage();
  }

  @Test
  void refusesStepsOutOfOrder() {
    assertEquals(
        "cut: step 0 follows the beginning, steps are counted upwards from 1",
        refused(List.of(step(0, 1, 1, 1))));
    assertEquals(
        "cut: after step 3 only 90 tokens were read, before it 100",
        refused(List.of(step(2, 100, 1, 1), step(3, 90, 1, 1))));
  }

  @Test
  void refusesTimesAndCountsThatCannotBe() {
    assertEquals("cut: step 1 took NaN seconds", refused(List.of(step(1, 1, 1, Double.NaN))));
    assertEquals("cut: step 1 took -1.0 seconds", refused(List.of(step(1, 1, 1, -1))));
    assertEquals(
        "cut: operations must be 0 or more, were NaN; 0 is not counted",
        assertThrows(IllegalArgumentException.class, () -> LOG.withOperations(Double.NaN))
            .getMessage());
  }
}
