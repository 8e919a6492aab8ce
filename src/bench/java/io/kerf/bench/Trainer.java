package io.kerf.bench;

import io.kerf.json.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One side of the training benchmark, in a process of its own, which makes a step when asked. */
final class Trainer implements AutoCloseable {
  private final LinePeer process;

  private Trainer(LinePeer process) {
    this.process = process;
  }

  /**
   * Starts torch's plain loop and waits until it has loaded the model.
   *
   * @param tuned whether in the environment that Kerf's notebooks and benchmarks set for themselves
   */
  static Trainer torch(Path python, TrainingSetting setting, Path folder, boolean tuned)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.add(Bench.SOURCES.resolve("peers/train.py").toString());
    command.addAll(setting.line());
    command.add("--paced");
    Path log = log(folder, tuned ? "torch-tuned" : "torch", setting);
    return new Trainer(tuned ? LinePeer.start(command, log) : LinePeer.startPlainly(command, log));
  }

  /** Starts Kerf in a JVM like this one and waits until it has loaded the model. */
  static Trainer kerf(TrainingSetting setting, Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(KerfTrainer.class.getName());
    command.addAll(setting.line());
    return new Trainer(LinePeer.start(command, log(folder, "kerf", setting)));
  }

  private static Path log(Path folder, String side, TrainingSetting setting) {
    return folder.resolve(side + "-" + setting.dtype() + ".log");
  }

  /** What is at work, and "resident_bytes" before the first step. */
  Json versions() {
    return process.versions();
  }

  /** Makes the next step: "loss", "gradient_norm", "seconds" and "peak_bytes". */
  Json step() {
    return process.askLine("");
  }

  @Override
  public void close() {
    process.close();
  }
}
