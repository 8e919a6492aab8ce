package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.compress.LayerRemoval;
import io.kerf.model.Family;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PretrainingTest {
  @TempDir Path temporary;
  private Pretraining recipe;

  @BeforeEach
  void write() throws IOException {
    recipe = Pretraining.on(TinyTraining.text(temporary));
  }

  private static void refused(String message, Executable what) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
  }

  @Test
  void aLearningRateOf3IsTakenForAMistake() {
    refused(
        "learning rate must be in (0, 0.1], was 3.0: usual are 1e-5 to 1e-3, and up to 1e-2 for"
            + " LoRA; write 3e-4 for 0.0003",
        () -> recipe.learningRate(3));
  }

  @Test
  void valuesThatMakeNoSenseAreRefused() {
    refused("tokens must be positive, was 0.0", () -> recipe.tokens(0));
    refused("examples of a step must be positive, was 0.0", () -> recipe.batch(0, 256));
    refused("dropout must be in [0, 1), was 1.0", () -> recipe.dropout(1));
    refused("the norm to clip to must be positive, was 0.0", () -> recipe.clip(0));
    refused("warm-up must be at least 0 steps, was -1", () -> recipe.warmUp(-1));
    refused("rank must be at least 1, was 0", () -> recipe.lora(0));
  }

  @Test
  void aWarmUpLongerThanTheRunSaysBoth() {
    refused(
        "a warm-up of 50 steps is longer than the run of 4 steps: train for more tokens, or warm up"
            + " for fewer steps",
        () -> recipe.batch(1, 16).tokens(64).warmUp(50).schedule());
  }

  @Test
  void aCutAfterTheEndIsRefused() {
    Chop chop = new Chop(LayerRemoval.middle(1), 20, 1, 0);
    refused(
        "the last cut comes before step 21, the run has 20 steps: train for more tokens, or warm up"
            + " for fewer steps",
        () -> chop.phases(TinyTraining.model(Family.Kind.CAUSAL), 20));
  }

  @Test
  void tokensAreRoundedUpToWholeSteps() {
    assertEquals(3, recipe.batch(2, 16).tokens(65).steps());
  }

  @Test
  void aRecipeIsAValue() {
    recipe.tokens(1).batch(1, 1).learningRate(1e-5).bfloat16().lora(4);
    assertEquals(256, recipe.context());
    assertTrue(recipe.lora().isEmpty());
  }
}
