package io.kerf.source;

import io.kerf.progress.Progress;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The user's own pip, with whatever index, proxy and certificates it is set up for.
 *
 * @param pythons the Pythons that may have it, in the order in which they are tried
 * @param lookedFor what was looked for, in words, for the message if there is none
 */
record Pip(List<Path> pythons, String lookedFor) {
  private static final List<String> COMMANDS = List.of("python3", "python", "py");

  Pip {
    pythons = List.copyOf(pythons);
  }

  /**
   * The Python that {@code KERF_PYTHON} names, else {@code python3}, {@code python}, {@code py}.
   */
  static Pip ofUser() {
    return of(System.getenv());
  }

  static Pip of(Map<String, String> environment) {
    String named = environment.getOrDefault("KERF_PYTHON", "");
    List<String> commands = named.isBlank() ? COMMANDS : List.of(named);
    File file = new File(named);
    return new Pip(
        file.getParent() != null && file.canExecute() // a path, not a name
            ? List.of(file.toPath().toAbsolutePath())
            : Commands.find(commands, environment),
        named.isBlank() ? "python3, python and py on the PATH" : "KERF_PYTHON=" + named);
  }

  /** How a run of pip ended. */
  record Outcome(Path python, int exitStatus, String log) {
    /** The last error that pip tells, after its last warning: that one tells of the network. */
    String lastError() {
      return Stream.of(last("WARNING"), last("ERROR"))
          .flatMap(Optional::stream)
          .reduce((warning, error) -> warning + " " + error)
          .or(() -> last(""))
          .orElse("pip said nothing");
    }

    private Optional<String> last(String beginning) {
      return log.lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && line.startsWith(beginning))
          .reduce((first, second) -> second);
    }
  }

  /**
   * The first Python that has pip.
   *
   * @param staging the folder to try them in
   */
  Optional<Path> python(Path staging, Progress progress) {
    return pythons.stream()
        .filter(p -> run(p, staging, List.of("--version"), () -> 0, progress).exitStatus() == 0)
        .findFirst();
  }

  /** What was looked for and what was found, for the message if no Python has pip. */
  String missing() {
    return pythons.isEmpty()
        ? "no Python was found (looked for " + lookedFor + ")"
        : "no Python with pip was found (looked for " + lookedFor + ", found " + pythons + ")";
  }

  /**
   * Runs {@code python -m pip}.
   *
   * @param staging the folder to run in; temporary files go there too
   * @param arguments what follows {@code pip}
   * @param bytesSoFar how much has come
   * @throws io.kerf.progress.Interrupted if this thread is interrupted; pip is ended
   */
  static Outcome run(
      Path python,
      Path staging,
      List<String> arguments,
      LongSupplier bytesSoFar,
      Progress progress) {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-m", "pip"));
    command.addAll(arguments);
    Path log = staging.resolve("pip.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(staging.toFile()) // -m looks for modules here first: nothing must lie here
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(empty(staging).toFile()))
            .redirectOutput(log.toFile());
    for (String name : List.of("TMPDIR", "TEMP", "TMP")) {
      builder.environment().put(name, staging.toString());
    }
    try {
      Process process = builder.start();
      Waiting.forEnd(
          "Downloading by pip", process.onExit(), bytesSoFar, progress, () -> end(process));
      String said = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      return new Outcome(python, process.exitValue(), said);
    } catch (IOException e) {
      return new Outcome(python, -1, e.getMessage()); // not a program after all
    } catch (ExecutionException e) {
      throw new AssertionError("waiting for a process does not fail", e);
    }
  }

  private static Path empty(Path staging) {
    try {
      return Files.write(staging.resolve("no-input"), new byte[0]);
    } catch (IOException e) {
      throw new FetchException("cannot write to " + staging + ": " + e, e);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
