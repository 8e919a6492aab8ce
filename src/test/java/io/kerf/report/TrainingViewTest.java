package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.train.TrainingStep;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingViewTest {
  private static final List<TrainingStep> STEPS =
      List.of(
          new TrainingStep(1, 2048, 5.43, 3e-4, 1, 10),
          new TrainingStep(2, 4096, 4.3121, 3e-4, 1, 10));

  @Test
  void theLineSaysHowFarAndHowFast() {
    assertEquals(
        "step 2 of 25, 4,096 of 51,200 tokens, 205 tokens/s, 3:50 left, loss 4.312",
        new TrainingView("cut", 25, 51_200, STEPS, false).line());
    assertEquals(
        "step 2, 4,096 tokens, 205 tokens/s, loss 4.312",
        new TrainingView("cut", 0, 0, STEPS, false).line());
    assertEquals("before the first step", new TrainingView("cut", 9, 9, List.of(), false).line());
  }

  @Test
  void atTheEndItSaysWhatItTook() {
    assertEquals(
        "cut: 2 steps, 4,096 tokens, 205 tokens/s, 0:20, loss 4.312",
        new TrainingView("cut", 2, 4096, STEPS, true).text());
    assertEquals(
        "stopped after step 2 of 25, 4,096 of 51,200 tokens, 205 tokens/s, 0:20, loss 4.312",
        new TrainingView("cut", 25, 51_200, STEPS, true).line());
    assertEquals(
        "stopped before the first step", new TrainingView("cut", 9, 9, List.of(), true).line());
  }

  @Test
  void thePageHasThePictureAndEscapesTheLabel() {
    String html = new TrainingView("<b>\"cut\"", 25, 51_200, STEPS, false).html();
    assertTrue(html.contains("src=\"data:image/png;base64,"), html);
    assertTrue(html.contains("&lt;b&gt;&quot;cut&quot;"), html);
    assertFalse(html.contains("<b>"), html);
    String before = new TrainingView("<b>", 25, 51_200, List.of(), false).html();
    assertFalse(before.contains("<img"), before);
    assertTrue(before.contains("&lt;b&gt;"), before);
  }

  @Test
  void theLastPictureIsSharper() {
    assertTrue(
        new TrainingView("cut", 2, 4096, STEPS, true).html().length()
            > new TrainingView("cut", 2, 4096, STEPS, false).html().length());
  }
}
