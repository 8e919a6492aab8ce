package io.kerf.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.function.Executable;

/** Asserts the one message that a bad file gets. */
final class Refusal {
  private Refusal() {}

  static void assertRefused(String message, Executable opening) {
    assertEquals(message, assertThrows(FormatException.class, opening).getMessage());
  }

  /** Writes the bytes to the file and asserts the message that opening it gets. */
  static void assertRefused(
      String message, Path file, byte[] bytes, Function<Path, WeightFile> reader)
      throws IOException {
    Files.write(file, bytes);
    assertRefused(message, () -> reader.apply(file));
  }
}
