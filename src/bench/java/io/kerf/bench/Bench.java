package io.kerf.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The command line: {@code src/bench/run COMMAND [--option value]...}.
 *
 * <p>The system property {@code kerf.bench.sources} is the folder of {@code c} and {@code peers},
 * {@code kerf.bench.build} the one that what is made goes into.
 */
public final class Bench {
  static final Path SOURCES = Path.of(System.getProperty("kerf.bench.sources", "src/bench"));
  static final Path BUILD = Path.of(System.getProperty("kerf.bench.build", "target/bench"));

  private static final Map<String, Command> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("limits", new LimitsOnly());
    COMMANDS.put("speed", new Speed());
    COMMANDS.put("harness", new BesideHarness());
    COMMANDS.put("lama", new BesideLoop());
    COMMANDS.put("train", new BesideTorch());
    COMMANDS.put("chop", new Chopping());
    COMMANDS.put("together", new Together());
    COMMANDS.put("sample", new Writing());
    COMMANDS.put("onnx", new Onnx());
    COMMANDS.put("lifecycle", new Lifecycle());
    COMMANDS.put("corpus", new Corpora());
    COMMANDS.put("folders", new Folders());
    COMMANDS.put("gguf", new GgufFiles());
  }

  private Bench() {}

  /** Runs a command. */
  public static void main(String[] line) throws Exception {
    Command command = COMMANDS.get(line.length == 0 ? "" : line[0]);
    if (command == null) {
      fail(usage());
      return;
    }
    Set<String> known = new TreeSet<>(command.options());
    known.add("json");
    Arguments arguments;
    try {
      arguments = new Arguments(Arrays.copyOfRange(line, 1, line.length), known);
    } catch (IllegalArgumentException e) {
      fail(e.getMessage());
      return;
    }
    Report report = new Report();
    report.add(Machine.here().table());
    command.run(arguments, report);
    if (arguments.text("json").isPresent()) {
      report.write(Path.of(arguments.text("json").get()));
    }
  }

  private static String usage() {
    StringBuilder text = new StringBuilder("src/bench/run COMMAND [--option value]...\n");
    COMMANDS.forEach((name, c) -> text.append('\n').append(name).append(": ").append(c.usage()));
    return text.append("\nAll take --json FILE: the results with their values in full.").toString();
  }

  private static void fail(String why) {
    System.err.println(why);
    System.exit(2);
  }
}
