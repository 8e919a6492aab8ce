package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.compress.LayerRemoval;
import io.kerf.compress.Magnitude;
import io.kerf.compress.RoundToNearest;
import io.kerf.engine.TrainingState;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import io.kerf.train.corpus.Corpus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  @TempDir Path temporary;
  private Corpus corpus;

  @BeforeEach
  void writeText() throws IOException {
    corpus = TinyTraining.text(temporary);
  }

  private static TrainingRun.Result run(
      Model model, Pretraining recipe, TrainingListener listener) {
    return TrainingRun.of(model, recipe, listener, ProgressListener.NONE);
  }

  /** Interrupts the run's own thread after so many steps. */
  private static TrainingListener interruptedAfter(int steps) {
    return (label, all, tokens) ->
        step -> {
          if (step.step() == steps) {
            Thread.currentThread().interrupt();
          }
        };
  }

  @TestFactory
  Stream<DynamicTest> anInterruptedRunGoesOnWithTheSameLosses() {
    Map<String, UnaryOperator<Pretraining>> recipes =
        Map.of(
            "AdamW",
            recipe -> recipe,
            "Lion",
            recipe -> recipe.lion().learningRate(1e-4),
            "bfloat16",
            Pretraining::bfloat16,
            "LoRA",
            recipe -> recipe.lora(2).learningRate(1e-2),
            "recomputing",
            Pretraining::recomputing);
    return Stream.of(Family.Kind.values())
        .flatMap(
            kind ->
                recipes.entrySet().stream()
                    .map(
                        entry ->
                            dynamicTest(
                                kind + " " + entry.getKey(),
                                () -> goesOn(TinyTraining.model(kind), entry.getValue()))));
  }

  @TestFactory
  Stream<DynamicTest> soDoesOneWithMasksOrATeacher() {
    Model model = TinyTraining.model(Family.Kind.CAUSAL);
    Model cut = LayerRemoval.middle(1).apply(model);
    return Stream.of(
        dynamicTest("zeros kept", () -> goesOn(Magnitude.of(0.5).apply(model), recipe -> recipe)),
        dynamicTest("moving mask", () -> goesOn(model, r -> r.movingMask(2, 4, 3, 1e-3))),
        dynamicTest("factors", () -> goesOn(model, r -> r.factors(2).learningRate(1e-2))),
        dynamicTest(
            "distillation",
            () -> goesOn(cut, r -> r.distilling(Distillation.from(model).hidden(1)))),
        dynamicTest(
            "contrast", () -> goesOn(cut, r -> r.distilling(Distillation.from(model).contrast(1)))),
        dynamicTest("rounding", () -> goesOn(model, r -> r.rounding(RoundToNearest.int8()))));
  }

  private void goesOn(Model model, UnaryOperator<Pretraining> how) throws IOException {
    Pretraining recipe = how.apply(TinyTraining.recipe(corpus));
    Path folder = Files.createTempDirectory(temporary, "run");
    List<Double> whole = TinyTraining.losses(run(model, recipe, TrainingListener.NONE).log());
    Pretraining kept = recipe.keptIn(folder);
    assertThrows(Interrupted.class, () -> run(model, kept, interruptedAfter(7)));
    assertEquals(7, Checkpoint.latest(folder).orElseThrow().log().steps().size());
    List<Double> resumed = TinyTraining.losses(run(model, kept, TrainingListener.NONE).log());
    // The same operations in the same order: not a bit differs.
    assertEquals(whole, resumed);
  }

  @Test
  void aRunWhoseLayersGoIsResumedBeforeTheCutAndAfterIt() throws IOException {
    Model model = TinyTraining.model(Family.Kind.CAUSAL);
    Pretraining recipe = TinyTraining.recipe(corpus).chopping(LayerRemoval.middle(1), 8);
    List<Double> whole = TinyTraining.losses(run(model, recipe, TrainingListener.NONE).log());
    for (int stop : new int[] {5, 8, 12}) {
      Pretraining kept = recipe.keptIn(Files.createTempDirectory(temporary, "run"));
      assertThrows(Interrupted.class, () -> run(model, kept, interruptedAfter(stop)));
      TrainingRun.Result resumed = run(model, kept, TrainingListener.NONE);
      assertEquals(whole, TinyTraining.losses(resumed.log()), "stopped after " + stop);
      assertEquals(model.blocks().size() - 1, resumed.model().blocks().size());
    }
  }

  @Test
  void aRunKilledAtRandomMomentsEndsWithTheSameLosses() throws Exception {
    Model model = TinyTraining.model(Family.Kind.CAUSAL);
    Pretraining recipe = TinyTraining.recipe(corpus);
    List<Double> whole = TinyTraining.losses(run(model, recipe, TrainingListener.NONE).log());
    Path folder = temporary.resolve("killed");
    Random random = new Random(5);
    for (int kill = 0; kill < 3; kill++) {
      started(folder, 1 + random.nextInt(6), random.nextInt(40));
    }
    assertTrue(started(folder, Integer.MAX_VALUE, 0), "the last run was left to its end");
    Checkpoint last = Checkpoint.latest(folder).orElseThrow();
    assertEquals(whole.size(), last.log().steps().size());
    for (int step = 0; step < whole.size(); step++) {
      assertEquals(whole.get(step), last.log().steps().get(step).loss(), 1e-6, "step " + step);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      assertFalse(entries.anyMatch(path -> path.getFileName().toString().startsWith(".step")));
    }
  }

  /** Starts a process and kills it some milliseconds after that many more steps. */
  private boolean started(Path folder, int steps, int millis) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dkerf.fixtures=" + io.kerf.Fixtures.root(),
                "-Dkerf.tokens=" + temporary.resolve("tokens"),
                "-Dkerf.threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledTraining.class.getName(),
                temporary.resolve("text.txt").toString(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int seen = 0;
      for (String line; (line = lines.readLine()) != null; ) {
        said.append(line).append('\n');
        if (line.startsWith("step ") && ++seen == steps) {
          Thread.sleep(millis);
          process.destroyForcibly();
        }
      }
    } catch (IOException e) {
      // What a killed process says may end in the middle.
    }
    process.waitFor();
    if (steps == Integer.MAX_VALUE) {
      assertTrue(said.toString().contains("done"), said::toString);
    }
    return said.toString().contains("done");
  }

  @Test
  void aRunWithOtherSettingsIsRefusedWithBothValues() throws IOException {
    Model model = TinyTraining.model(Family.Kind.CAUSAL);
    Pretraining recipe = TinyTraining.recipe(corpus).keptIn(temporary.resolve("run"));
    assertThrows(Interrupted.class, () -> run(model, recipe, interruptedAfter(2)));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> run(model, recipe.learningRate(1e-3), TrainingListener.NONE));
    assertTrue(
        refused.getMessage().contains("learning rate was 3.0E-4, is 0.001"), refused.getMessage());
    assertTrue(refused.getMessage().contains("or name another folder"), refused.getMessage());
  }

  @Test
  void aDamagedCheckpointIsPassedOverAndTheOneBeforeIsTaken() throws IOException {
    Path folder = temporary.resolve("run");
    Model model = TinyTraining.model(Family.Kind.CAUSAL);
    Pretraining recipe = TinyTraining.recipe(corpus).keptIn(folder).checkpointEvery(4);
    List<Double> whole = TinyTraining.losses(run(model, recipe, TrainingListener.NONE).log());
    Path state = Checkpoint.latest(folder).orElseThrow().folder().resolve(Checkpoint.STATE);
    try (RandomAccessFile file = new RandomAccessFile(state.toFile(), "rw")) {
      file.seek(file.length() - 3);
      file.write(file.read() ^ 1);
    }
    Checkpoint found = Checkpoint.latest(folder).orElseThrow();
    assertEquals(1, found.passedOver().size(), found.passedOver()::toString);
    assertTrue(found.log().steps().size() < whole.size());
    assertEquals(whole, TinyTraining.losses(run(model, recipe, TrainingListener.NONE).log()));
  }

  @Test
  void whatFailsHalfWayLeavesTheOneBeforeWhole() {
    Path folder = temporary.resolve("run");
    Map<String, String> settings = Map.of("seed", "1");
    TrainingLog log = TrainingLog.of("x", List.of());
    Tensor good = io.kerf.tensor.FloatTensor.of(new float[] {1, 2, 3}, 3);
    Checkpoint.write(
        folder,
        new TrainingState(1, Map.of("value.a", good)),
        log,
        settings,
        ProgressListener.NONE);
    TrainingState failing = new TrainingState(2, Map.of("value.a", new Unreadable()));
    assertThrows(
        UncheckedIOException.class,
        () -> Checkpoint.write(folder, failing, log, settings, ProgressListener.NONE));
    Checkpoint left = Checkpoint.latest(folder).orElseThrow();
    assertEquals(1, left.state().steps());
    assertEquals(3, left.state().array("value.a").toFloats()[2]);
  }

  /** The disk is full when half of it is written. */
  private static final class Unreadable implements Tensor {
    @Override
    public Shape shape() {
      return Shape.of(10_000_000);
    }

    @Override
    public String encoding() {
      return "float32";
    }

    @Override
    public long sizeBytes() {
      return 40_000_000;
    }

    @Override
    public void read(long from, float[] into, int at, int count) {
      if (from > 0) {
        throw new UncheckedIOException(new IOException("No space left on device"));
      }
    }
  }

  @Test
  void whereTheSystemRefusesMoreBytesTheOneBeforeIsLeftAndNothingElse() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/sh")), "only Unix limits what a process may write");
    Path folder = temporary.resolve("run");
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -f 4096 && exec \"$0\" \"$@\"", // 2 or 4 MiB a file
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FullDisk.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains("cannot keep step 2 in " + folder + " (cannot write "), said);
    assertTrue(said.contains("it needs 16,777,"), said);
    assertTrue(said.contains(" are free; free some, or keep the run in another folder"), said);
    assertEquals(1, Checkpoint.latest(folder).orElseThrow().state().steps());
    try (Stream<Path> entries = Files.list(folder)) {
      assertEquals(
          List.of(RunLock.NAME, "step-000001"),
          entries.map(path -> path.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aDamagedOneOfTheSameStepIsNotCountedAmongTheLast() throws IOException {
    Path folder = temporary.resolve("run");
    FullDisk.write(folder, 4, FullDisk.SMALL);
    FullDisk.write(folder, 6, FullDisk.SMALL);
    Path state = folder.resolve("step-000006").resolve(Checkpoint.STATE);
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length - 1] ^= 1;
    Files.write(state, bytes);
    FullDisk.write(folder, 6, FullDisk.SMALL);
    assertEquals(
        List.of("step-000006.2", "step-000004"),
        CheckpointPlace.in(folder).stream().map(CheckpointPlace::name).toList());
  }

  @Test
  void aRunThatHasEndedIsNotKeptAgain() {
    Path folder = temporary.resolve("run");
    Pretraining recipe = TinyTraining.recipe(corpus).keptIn(folder);
    Model model = TinyTraining.model(Family.Kind.CAUSAL);
    run(model, recipe, TrainingListener.NONE);
    run(model, recipe, TrainingListener.NONE);
    assertEquals(
        List.of("step-000020"),
        CheckpointPlace.in(folder).stream().map(CheckpointPlace::name).toList());
  }

  @Test
  void moreThanTheDiskHoldsIsSaidBeforeItIsWritten() {
    Path folder = temporary.resolve("run");
    TrainingState huge = new TrainingState(1, Map.of("value.a", new Huge()));
    UncheckedIOException full =
        assertThrows(
            UncheckedIOException.class,
            () ->
                Checkpoint.write(
                    folder, huge, TrainingLog.of("x", List.of()), Map.of(), ProgressListener.NONE));
    assertTrue(full.getMessage().contains("no room is left"), full.getMessage());
    assertTrue(full.getMessage().contains("keep the run in another folder"), full.getMessage());
  }

  private static final class Huge implements Tensor {
    @Override
    public Shape shape() {
      return Shape.of(1 << 30, 1 << 20);
    }

    @Override
    public String encoding() {
      return "float32";
    }

    @Override
    public long sizeBytes() {
      return 4 * shape().elements();
    }

    @Override
    public void read(long from, float[] into, int at, int count) {
      throw new AssertionError("nothing is written");
    }
  }

  @Test
  void onlyTheLastTwoAreKept() throws IOException {
    Path folder = temporary.resolve("run");
    Pretraining recipe = TinyTraining.recipe(corpus).keptIn(folder).checkpointEvery(3);
    run(TinyTraining.model(Family.Kind.MASKED), recipe, TrainingListener.NONE);
    assertEquals(2, CheckpointPlace.in(folder).size());
    assertEquals(20, CheckpointPlace.in(folder).get(0).steps());
  }

  @Test
  void aSecondRunInTheSameFolderIsRefused() {
    Path folder = temporary.resolve("run");
    Model model = TinyTraining.model(Family.Kind.CAUSAL);
    Pretraining recipe = TinyTraining.recipe(corpus).keptIn(folder);
    List<String> refused = new CopyOnWriteArrayList<>();
    TrainingListener inside =
        (label, steps, tokens) ->
            step -> {
              Thread other =
                  new Thread(
                      () -> {
                        try (RunLock taken = RunLock.of(folder)) {
                          refused.add("taken by two");
                        } catch (IllegalStateException e) {
                          refused.add(e.getMessage());
                        }
                      });
              other.start();
              try {
                other.join();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            };
    run(model, recipe, inside);
    assertEquals(
        List.of(
            "another run keeps its checkpoints in "
                + folder
                + ": wait until it ends, or name another folder"),
        refused.stream().distinct().toList());
  }
}
