package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean rewrites) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        rewrites);
  }

  @Test
  void showsValuesAsText() {
    console(false).show(Table.create("T", StringColumn.create("a", "x")));
    assertEquals("T\na\n-\nx\n", out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }

  @Test
  void rewritesOneLineOnATerminal() {
    try (Progress progress = console(true).progress().start("work", 2, "steps")) {
      progress.advance(2);
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.startsWith("\rwork ["), text);
    assertEquals(2, text.chars().filter(c -> c == '\r').count());
    assertTrue(text.endsWith(System.lineSeparator()), text);
  }

  @Test
  void writesOneLineAtTheEndWhereThereIsNoTerminal() {
    try (Progress progress = console(false).progress().start("work", 2, "steps")) {
      progress.advance(1);
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertEquals(1, text.lines().count(), text);
    assertTrue(text.strip().endsWith("stopped"), text);
  }

  @Test
  void thisVirtualMachineIsNoKernel() {
    assertEquals("console", Screen.current().name());
  }
}
