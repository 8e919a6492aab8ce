package io.kerf.bench;

import io.kerf.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A program of {@code src/bench/peers} in a process of its own: it first says what is at work, then
 * is asked a line and answers one of JSON.
 */
final class LinePeer implements AutoCloseable {
  private static final Set<String> TUNED =
      Set.of("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "GLIBC_TUNABLES");

  private final Process process;
  private final Path log;
  private final Json versions;

  private LinePeer(Process process, Path log) {
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
  static LinePeer start(Path python, String script, Path log, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.add(Bench.SOURCES.resolve("peers").resolve(script).toString());
    command.addAll(List.of(arguments));
    return start(command, log);
  }

  /** Starts a program and waits for its first line. */
  static LinePeer start(List<String> command, Path log) throws IOException {
    return start(new ProcessBuilder(command), log);
  }

  /** The same as one starts it who sets nothing: without what {@code src/bench/run} sets. */
  static LinePeer startPlainly(List<String> command, Path log) throws IOException {
    ProcessBuilder plain = new ProcessBuilder(command);
    plain.environment().keySet().removeAll(TUNED);
    return start(plain, log);
  }

  private static LinePeer start(ProcessBuilder program, Path log) throws IOException {
    Files.createDirectories(log.getParent());
    return new LinePeer(program.redirectError(log.toFile()).start(), log);
  }

  /** The first line. */
  Json versions() {
    return versions;
  }

  Json ask(Object question) {
    return askLine(Json.write(question));
  }

  Json askLine(String question) {
    try {
      process.outputWriter().write(question + "\n");
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
