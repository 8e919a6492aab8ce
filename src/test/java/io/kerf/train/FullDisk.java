package io.kerf.train;

import io.kerf.engine.TrainingState;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** Keeps a small step and then a large one, in a process that may write no large file. */
final class FullDisk {
  static final int SMALL = 1 << 10;
  static final int LARGE = 4 << 20;

  private FullDisk() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    write(folder, 1, SMALL);
    try {
      write(folder, 2, LARGE);
    } catch (UncheckedIOException e) {
      System.out.println(e.getMessage());
    }
  }

  static void write(Path folder, long steps, int elements) {
    FloatTensor array = FloatTensor.wrap(Shape.of(elements), new float[elements]);
    TrainingState state = new TrainingState(steps, Map.of("value.a", array));
    TrainingLog log = TrainingLog.of("x", java.util.List.of());
    Checkpoint.write(folder, state, log, Map.of(), ProgressListener.NONE);
  }
}
