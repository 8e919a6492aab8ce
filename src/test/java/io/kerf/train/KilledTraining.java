package io.kerf.train;

import io.kerf.model.Family;
import io.kerf.progress.ProgressListener;
import io.kerf.train.corpus.Corpus;
import java.nio.file.Path;

/** A process that trains, with a checkpoint after every second step, and may be killed. */
final class KilledTraining {
  private KilledTraining() {}

  /** Trains on the text, keeps checkpoints in the folder and prints "done" at the end. */
  public static void main(String[] arguments) {
    Pretraining recipe =
        TinyTraining.recipe(Corpus.of(Path.of(arguments[0])))
            .keptIn(Path.of(arguments[1]))
            .checkpointEvery(2);
    TrainingListener slow =
        (label, steps, tokens) ->
            step -> {
              System.out.println("step " + step.step());
              pause();
            };
    TrainingRun.of(TinyTraining.model(Family.Kind.CAUSAL), recipe, slow, ProgressListener.NONE);
    System.out.println("done");
  }

  /** So that a kill finds it anywhere, not only at its start. */
  private static void pause() {
    try {
      Thread.sleep(30);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
