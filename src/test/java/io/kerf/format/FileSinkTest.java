package io.kerf.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.progress.Interrupted;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
  @TempDir Path folder;

  @Test
  void anInterruptWhileTheDiskIsWaitedForIsAnInterruptAndNoFullDisk() {
    try (FileSink sink = new FileSink(folder.resolve("a.safetensors"), units -> {})) {
      sink.write(new byte[100]);
      Thread.currentThread().interrupt();
      Interrupted stopped = assertThrows(Interrupted.class, sink::finish);
      assertEquals("Saving a.safetensors was interrupted", stopped.getMessage());
    }
  }
}
