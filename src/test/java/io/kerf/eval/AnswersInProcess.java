package io.kerf.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Appends answers in a JVM of its own. */
final class AnswersInProcess {
  private AnswersInProcess() {}

  static Process appending(Path file, int first, int count) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            AnswersInProcess.class.getName(),
            file.toString(),
            first + "",
            count + "")
        .redirectErrorStream(true)
        .start();
  }

  static String said(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void main(String[] arguments) {
    AnswerFile file =
        AnswerFile.open(
            Path.of(arguments[0]),
            note -> {
              throw new AssertionError(note);
            });
    int first = Integer.parseInt(arguments[1]);
    for (int i = first; i < first + Integer.parseInt(arguments[2]); i++) {
      Answer answer = new Answer.Likelihood(-i, 1, false, 0);
      file.append(
          List.of(new AnswerCodec.Entry(new AnswerKey(i, 0, 0, 0), new Kept(answer, 1, 1))));
    }
  }
}
