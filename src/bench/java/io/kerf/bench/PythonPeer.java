package io.kerf.bench;

import io.kerf.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script of {@code src/bench/peers} in a Python process of its own: it first says which versions
 * are at work, then is asked and answers a line of JSON each.
 */
final class PythonPeer implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final Json versions;

  private PythonPeer(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.versions = line();
  }

  /**
   * Starts a script and waits for its versions.
   *
   * @param script its file's name in {@code peers}
   * @param log what it writes to standard error goes there
   */
  static PythonPeer start(Path python, String script, Path log, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.add(Bench.SOURCES.resolve("peers").resolve(script).toString());
    command.addAll(List.of(arguments));
    Files.createDirectories(log.getParent());
    return new PythonPeer(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
  }

  /** The first line. */
  Json versions() {
    return versions;
  }

  Json ask(Object question) {
    try {
      process.outputWriter().write(Json.write(question) + "\n");
      process.outputWriter().flush();
      return line();
    } catch (IOException e) {
      throw new UncheckedIOException("the peer ended; see " + log, e);
    }
  }

  private Json line() {
    try {
      String line = process.inputReader().readLine();
      if (line == null) {
        throw new IllegalStateException("the peer ended; see " + log);
      }
      return Json.parse(line, "the peer's answer");
    } catch (IOException e) {
      throw new UncheckedIOException("the peer's answer cannot be read", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
