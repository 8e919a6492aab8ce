package io.kerf;

import io.kerf.engine.Example;
import io.kerf.eval.Query;
import io.kerf.train.Pretraining;
import io.kerf.train.TrainingRun;
import java.util.stream.IntStream;

/** The floating-point operations of a training, for machines other than this one. */
final class TrainingOperations {
  private TrainingOperations() {}

  /** Those of all steps, each by the model that made it, and of a teacher who read along. */
  static double of(TrainingRun.Result result, Pretraining recipe) {
    int[] all = result.example().labels();
    int labels = (int) IntStream.of(all).filter(label -> label != Example.IGNORED).count();
    int tokens = result.example().ids().length;
    double operations = 0;
    for (TrainingRun.Part part : result.parts()) {
      long examples = (long) part.steps() * recipe.rows();
      operations +=
          Query.trainingOperations(part.model(), examples, tokens, labels, recipe.recomputes());
      if (result.teacher().isPresent()) {
        operations += examples * Query.readingOperations(result.teacher().get(), tokens, labels);
      }
    }
    return operations;
  }
}
