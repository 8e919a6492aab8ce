package io.kerf.train.corpus;

import io.kerf.Fixtures;
import io.kerf.model.Family;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** A tokenisation in a JVM of its own, to be killed. */
final class TokenisingInProcess {
  private TokenisingInProcess() {}

  /** Starts it and waits until it is in the middle of the text. */
  static Process start(Path text, Path folder) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dkerf.fixtures=" + Fixtures.root(),
                "-cp",
                System.getProperty("java.class.path"),
                TokenisingInProcess.class.getName(),
                text.toString(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader said = process.inputReader();
    StringBuilder all = new StringBuilder();
    for (String line = ""; !line.equals("half"); all.append(line).append('\n')) {
      line = said.readLine();
      if (line == null) {
        throw new AssertionError("it ended early: " + all);
      }
    }
    return process;
  }

  public static void main(String[] arguments) {
    Corpus corpus = Corpus.of(Path.of(arguments[0]));
    new TokenCache(Path.of(arguments[1]))
        .tokens(
            corpus,
            TinyModels.first(Family.Kind.CAUSAL),
            (label, total, unit) -> {
              long[] done = {0};
              return units -> {
                done[0] += units;
                if (label.startsWith("Tokenising") && done[0] > total / 2) {
                  System.out.println("half");
                  dawdle();
                }
              };
            });
  }

  private static void dawdle() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
