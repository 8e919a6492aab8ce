package io.kerf.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables, charts, progress and interrupts in JJava itself. */
@Tag("big")
class RealKernelTest {
  @Test
  void showsAndStopsInJjava() throws Exception {
    assumeTrue(
        Files.exists(Path.of("notebooks/.venv/.kerf-requirements")),
        "no kernel is set up here; notebooks/run --setup sets one up");
    Process check =
        new ProcessBuilder("notebooks/run", "--check").redirectErrorStream(true).start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, check.waitFor(), said);
  }
}
