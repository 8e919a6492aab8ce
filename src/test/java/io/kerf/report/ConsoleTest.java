package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.progress.Progress;
import io.kerf.train.TrainingStep;
import io.kerf.train.TrainingWatch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

  private String trained(boolean rewrites) {
    try (TrainingWatch watch = console(rewrites).training().start("cut", 2, 200)) {
      watch.step(new TrainingStep(1, 100, 5, 3e-4, 1, 0.5));
      watch.step(new TrainingStep(2, 200, 4, 3e-4, 1, 0.5));
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTrainingRewritesOneLineOnATerminal() {
    String text = trained(true);
    assertTrue(text.startsWith("\rcut: before the first step"), text);
    assertTrue(text.contains("\rcut: step 1 of 2"), text);
    assertEquals(1, text.lines().filter(line -> line.contains("2 steps")).count(), text);
    assertTrue(text.endsWith(System.lineSeparator()), text);
  }

  @Test
  void aTrainingWritesLinesWhereThereIsNoTerminal() {
    assertEquals(
        List.of(
            "cut: step 1 of 2, 100 of 200 tokens, 200 tokens/s, 0:01 left, loss 5.000",
            "cut: 2 steps, 200 tokens, 200 tokens/s, 0:01, loss 4.000"),
        trained(false).lines().toList());
  }

  @Test
  void thisVirtualMachineIsNoKernel() {
    assertEquals("console", Screen.current().name());
  }
}
