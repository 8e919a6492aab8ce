package io.kerf.bench;

import io.kerf.engine.Libtorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** What results were taken on. */
record Machine(String processor, int processors, String system, String java, String date) {
  /** This machine, now. */
  static Machine here() {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        "JDK " + Runtime.version(),
        OffsetDateTime.now().truncatedTo(ChronoUnit.MINUTES).toString());
  }

  /** "AMD EPYC (AuthenticAMD, family 26, model 2)", as far as the system says. */
  private static String processorName() {
    Map<String, String> fields = new LinkedHashMap<>();
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      lines
          .takeWhile(line -> !line.isBlank())
          .map(line -> line.split("\\s*:\\s*", 2))
          .filter(pair -> pair.length == 2)
          .forEach(pair -> fields.put(pair[0].strip(), pair[1].strip()));
    } catch (IOException e) {
      return "unknown processor";
    }
    return "%s (%s, family %s, model %s)"
        .formatted(
            fields.getOrDefault("model name", "unnamed"),
            fields.getOrDefault("vendor_id", "unknown"),
            fields.getOrDefault("cpu family", "unknown"),
            fields.getOrDefault("model", "unknown"));
  }

  Table table() {
    Table table = new Table("Machine").column("").column("");
    table.row("processor", processor + ", " + processors + " to use");
    table.row("system", system);
    table.row("Java", java);
    table.row("engine", Libtorch.VERSION);
    table.row("date", date);
    return table;
  }
}
