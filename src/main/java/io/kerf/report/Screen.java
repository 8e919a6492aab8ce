package io.kerf.report;

import io.kerf.progress.ProgressListener;
import io.kerf.train.TrainingListener;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Where results and progress are seen: a notebook's cell, or a terminal.
 *
 * <p>The first call of {@link #current} asks the {@link Probe}s on the class path whether this JVM
 * is a kernel, and keeps the answer for the life of the JVM; with none it is the console.
 */
public interface Screen {
  /** What it is, for people: "JJava", "IJava", "console". */
  String name();

  /** Shows a value below whatever was shown before; see {@link Rendering#of}. */
  void show(Object value);

  /**
   * Shows values where the cell that runs now shows its own, even when a kernel that was told to
   * stop has already freed that cell.
   */
  default Consumer<Object> here() {
    return this::show;
  }

  /** The listener whose bars appear here. */
  ProgressListener progress();

  /** The listener whose losses are drawn here, each training in one place that it updates. */
  TrainingListener training();

  /** The screen of this JVM, the same one every time. */
  static Screen current() {
    return Detected.SCREEN;
  }

  /** Knows one kind of screen; found by {@link ServiceLoader}. */
  interface Probe {
    /** The screen, if this JVM has it. */
    Optional<Screen> find();
  }

  /** Read once, then fixed: a bar that began on one screen never ends on another. */
  final class Detected {
    private static final Screen SCREEN =
        ServiceLoader.load(Probe.class, Screen.class.getClassLoader()).stream()
            .flatMap(probe -> probe.get().find().stream())
            .findFirst()
            .orElseGet(Console::ofSystem);

    private Detected() {}
  }
}
