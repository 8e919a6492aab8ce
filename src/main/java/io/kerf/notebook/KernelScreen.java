package io.kerf.notebook;

import io.kerf.progress.ProgressListener;
import io.kerf.report.LiveProgress;
import io.kerf.report.LiveTraining;
import io.kerf.report.Rendering;
import io.kerf.report.Screen;
import io.kerf.report.Shown;
import io.kerf.train.TrainingListener;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The cell that runs: values are shown below it, and a bar or a curve stays one while it grows. */
final class KernelScreen implements Screen {
  private final Kernel kernel;

  KernelScreen(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Found by {@link java.util.ServiceLoader}. */
  public static final class Probe implements Screen.Probe {
    @Override
    public Optional<Screen> find() {
      Optional<Kernel> running = Kernel.running();
      running.ifPresent(Kernel::registerRenderers);
      return running.map(KernelScreen::new);
    }
  }

  @Override
  public String name() {
    return kernel.name();
  }

  @Override
  public void show(Object value) {
    kernel.display(UUID.randomUUID().toString(), Rendering.of(value));
  }

  @Override
  public Consumer<Object> here() {
    Kernel.Cell cell = kernel.cell();
    return value -> cell.show(UUID.randomUUID().toString(), Rendering.of(value));
  }

  @Override
  public ProgressListener progress() {
    return LiveProgress.listener(this::inPlace);
  }

  @Override
  public TrainingListener training() {
    return LiveTraining.listener(this::inPlace, LiveTraining.LEAST_NANOS);
  }

  /** Shows the first value below the cell and every other one in its place. */
  private <T extends Shown> Consumer<T> inPlace() {
    return new Consumer<>() {
      private final String id = UUID.randomUUID().toString();
      private final Kernel.Cell cell = kernel.cell();
      private boolean shown;

      @Override
      public void accept(T value) {
        if (shown) {
          cell.update(id, Rendering.of(value));
        } else {
          kernel.display(id, Rendering.of(value));
          shown = true;
        }
      }
    };
  }
}
