package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("big")
class SessionMemoryTest {
  @Test
  void fiftyOpeningsLeaveMemoryWhereItWasAfterTheThird() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read on Linux");
    List<String> lines = openAndCloseInAnotherProcess();
    assertEquals(WeightFormat.values().length, lines.size(), () -> String.join("\n", lines));
    for (String line : lines) {
      String[] fields = line.split(" ");
      long more = Long.parseLong(fields[1]);
      long model = Long.parseLong(fields[2]);
      // One session in int4 is a quarter of it; what is kept by mistake is kept 47 times.
      assertTrue(more < model, () -> line + ": bytes more, bytes of the model");
    }
  }

  private static List<String> openAndCloseInAnotherProcess()
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                OpeningsAndClosings.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor());
    return lines;
  }
}
