package io.kerf.source;

import io.kerf.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Fetches the tiny model of a {@link HubServer} in a process of its own, and logs as it goes. */
final class HubInProcess {
  private HubInProcess() {}

  static Process start(Path folder, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HubInProcess.class.getName(),
                folder.toString())
            .inheritIO();
    builder.environment().putAll(environment);
    return builder.start();
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    Hub.ofUser()
        .fetch(
            HubName.parse(HubServer.REPOSITORY).orElseThrow(),
            config -> {},
            (label, total, unit) ->
                new Progress() {
                  @Override
                  public void advance(long units) {}

                  @Override
                  public void note(String text) {
                    FetchInProcess.log(folder, text);
                  }
                });
    FetchInProcess.log(folder, "fetched");
  }
}
