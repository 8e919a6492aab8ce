package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.model.Lineage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainedTest {
  private static final Lineage.Step CUT =
      new Lineage.Step("max-gap 4", Map.of("method", "layer removal", "steps", "4"));

  private static Lineage.Step step(String steps, String tokens, String seconds) {
    return new Lineage.Step(
        "trained", Map.of("steps", steps, "tokens", tokens, "seconds", seconds, "seed", "1"));
  }

  private static Lineage lineage(Lineage.Step... steps) {
    return new Lineage("m", "here", "00", List.of(steps));
  }

  @Test
  void sumsUpTheTrainingsOfALineage() {
    assertEquals(
        Optional.of(new Trained(30, 61_440, 254.5)),
        Trained.of(lineage(CUT, step("20", "40960", "203.5"), CUT, step("10", "20480", "51"))));
  }

  @Test
  void aCutAloneIsNoTraining() {
    assertEquals(Optional.empty(), Trained.of(lineage(CUT)));
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertEquals(
        "lineage step 'trained': seconds must be a number of 0 or more, was 'long'",
        assertThrows(
                IllegalArgumentException.class, () -> Trained.of(lineage(step("1", "2", "long"))))
            .getMessage());
    assertEquals(
        "lineage step 'trained': tokens must be a number of 0 or more, was '-2'",
        assertThrows(
                IllegalArgumentException.class, () -> Trained.of(lineage(step("1", "-2", "1"))))
            .getMessage());
  }
}
