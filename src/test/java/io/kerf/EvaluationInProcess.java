package io.kerf;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** An evaluation in a JVM of its own, to be killed. */
final class EvaluationInProcess {
  private EvaluationInProcess() {}

  /** Starts it and waits until so many batches are done; the next are under way. */
  static Process start(Path answers, int batches) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dkerf.fixtures=" + Fixtures.root(),
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-cp",
                System.getProperty("java.class.path"),
                EvaluationInProcess.class.getName(),
                answers.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader said = process.inputReader();
    StringBuilder all = new StringBuilder();
    for (int told = 0; told < batches; ) {
      String line = said.readLine();
      if (line == null) {
        throw new AssertionError("it ended early: " + all);
      }
      all.append(line).append('\n');
      told += line.equals("batch") ? 1 : 0;
    }
    return process;
  }

  public static void main(String[] arguments) {
    Kerf.evaluate(TinyVariants.CAUSAL)
        .on(KeptAnswersTest.TEXT)
        .keptIn(Path.of(arguments[0]))
        .run((label, total, unit) -> KeptAnswersTest.telling());
  }
}
