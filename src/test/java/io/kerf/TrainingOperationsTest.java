package io.kerf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kerf.compress.LayerRemoval;
import io.kerf.engine.Example;
import io.kerf.eval.Query;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import io.kerf.train.Distillation;
import io.kerf.train.Pretraining;
import io.kerf.train.TrainingListener;
import io.kerf.train.TrainingLog;
import io.kerf.train.TrainingRun;
import io.kerf.train.TrainingRun.Part;
import io.kerf.train.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingOperationsTest {
  @TempDir Path folder;

  private Pretraining recipe() throws IOException {
    Path text = folder.resolve("text.txt");
    Files.writeString(text, "the saw turns wood to dust and sings . ".repeat(200));
    return Pretraining.on(Corpus.of(text)).batch(2, 16).tokens(10 * 2 * 16).withoutCheckpoints();
  }

  private static Model model() {
    return Fixtures.cases("models", "*").stream()
        .map(ModelReader::read)
        .filter(model -> model.config().family().kind() == Family.Kind.CAUSAL)
        .filter(model -> model.blocks().size() >= 3)
        .findFirst()
        .orElseThrow();
  }

  private static double once(Model model) {
    return Query.readingOperations(model, 16, 16);
  }

  @Test
  void everyStepIsOfTheModelThatMadeIt() throws IOException {
    Model whole = model();
    Model less = LayerRemoval.middle(1).apply(whole);
    Model least = LayerRemoval.middle(2).apply(whole);
    TrainingRun.Result result =
        new TrainingRun.Result(
            least,
            TrainingLog.of("by hand", List.of()),
            Example.causal(new int[16]),
            List.of(new Part(whole, 3), new Part(less, 2), new Part(least, 5)),
            Optional.empty());
    double expected = 2 * 3 * (3 * once(whole) + 2 * once(less) + 5 * once(least));
    assertEquals(expected, TrainingOperations.of(result, recipe()), 1e-9 * expected);
    assertEquals(
        expected * 4 / 3, TrainingOperations.of(result, recipe().recomputing()), 1e-9 * expected);
  }

  @Test
  void aRunSaysWhichModelsMadeItsSteps() throws IOException {
    Model whole = model();
    Pretraining recipe = recipe().choppingGradually(LayerRemoval.middle(2), 3, 2, 2);
    List<Integer> layers =
        run(whole, recipe).parts().stream().map(p -> p.model().blocks().size()).toList();
    int all = whole.blocks().size();
    assertEquals(List.of(all, all - 1, all - 2), layers);
    assertEquals(List.of(3, 2, 5), run(whole, recipe).parts().stream().map(Part::steps).toList());
  }

  @Test
  void aTeacherReadsAlong() throws IOException {
    Model whole = model();
    Model cut = LayerRemoval.middle(2).apply(whole);
    Pretraining recipe = recipe().distilling(Distillation.from(whole));
    double expected = 10 * 2 * (3 * once(cut) + once(whole));
    assertEquals(expected, TrainingOperations.of(run(cut, recipe), recipe), 1e-9 * expected);
  }

  private static TrainingRun.Result run(Model model, Pretraining recipe) {
    return TrainingRun.of(model, recipe, TrainingListener.NONE, ProgressListener.NONE);
  }
}
