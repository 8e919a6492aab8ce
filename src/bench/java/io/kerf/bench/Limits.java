package io.kerf.bench;

import io.kerf.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * This machine's limits, by a C program ({@code limits.c}) that is compiled on the spot and kept
 * running, so that it can be asked again between what is measured: a share is of the limit under
 * the same neighbours' load. Without a C compiler there are no limits, and no shares.
 */
final class Limits implements AutoCloseable {
  /** When a reading was taken: before, in turns with, or after what is measured. */
  enum Moment {
    BEFORE,
    BETWEEN,
    AFTER
  }

  private record Reading(Moment moment, int threads, Limit limit, double rate) {}

  private static final double SECONDS = 0.15; // of one reading

  private final Process program; // null where it is absent
  private final String absence;
  private final List<Reading> readings = new ArrayList<>();
  private final Map<Limit, String> means = new EnumMap<>(Limit.class);

  private Limits(Process program, String absence) {
    this.program = program;
    this.absence = absence;
  }

  /**
   * Compiles and starts the program.
   *
   * @param sources the folder of {@code c/limits.c}
   * @param folder where the compiled program goes
   */
  static Limits open(Path sources, Path folder) throws IOException, InterruptedException {
    Path source = sources.resolve("c/limits.c");
    Path target = Files.createDirectories(folder).resolve("limits");
    Process compiler;
    try {
      compiler =
          new ProcessBuilder("cc", "-O3", "-pthread", source.toString(), "-o", target.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return new Limits(null, "no C compiler");
    }
    String said = new String(compiler.getInputStream().readAllBytes()).strip();
    if (compiler.waitFor() != 0) {
      return new Limits(null, "cc cannot compile " + source + ": " + said);
    }
    var start = new ProcessBuilder(target.toString());
    return new Limits(start.redirectError(ProcessBuilder.Redirect.INHERIT).start(), null);
  }

  /** Takes so many readings of every limit. */
  void read(Moment moment, int threads, int times) {
    for (int i = 0; i < times && program != null; i++) {
      for (Limit limit : Limit.values()) {
        Json answer = ask(limit.label() + " " + threads + " " + SECONDS);
        means.put(limit, answer.at("how").text());
        answer
            .at("rate")
            .optional()
            .ifPresent(rate -> readings.add(new Reading(moment, threads, limit, rate.number())));
      }
    }
  }

  private Json ask(String question) {
    try {
      program.outputWriter().write(question + "\n");
      program.outputWriter().flush();
      String answer = program.inputReader().readLine();
      if (answer == null) {
        throw new IllegalStateException("limits.c ended at the question '" + question + "'");
      }
      return Json.parse(answer, "limits.c's answer");
    } catch (IOException e) {
      throw new UncheckedIOException("limits.c ended at the question '" + question + "'", e);
    }
  }

  /** Operations or bytes per second, the median of all readings; NaN where there is none. */
  double rate(Limit limit, int threads) {
    return rate(limit, threads, Moment.values());
  }

  private double rate(Limit limit, int threads, Moment... moments) {
    Samples samples = new Samples();
    for (Reading r : readings) {
      if (r.limit == limit && r.threads == threads && List.of(moments).contains(r.moment)) {
        samples.add(r.rate);
      }
    }
    return samples.median();
  }

  /** What was read: medians before, between and after what was measured. */
  Table table() {
    Table table =
        new Table("Limits of this machine (medians; arithmetic in GOP/s, memory in GB/s)")
            .column("limit")
            .column("by")
            .column("threads", "%d")
            .column("before", "%.1f")
            .column("between", "%.1f")
            .column("after", "%.1f")
            .column("all", "%.1f");
    means.forEach(
        (limit, how) ->
            readings.stream()
                .map(Reading::threads)
                .distinct()
                .forEach(
                    threads ->
                        table.row(
                            limit.label(),
                            how,
                            threads,
                            rate(limit, threads, Moment.BEFORE) * 1e-9,
                            rate(limit, threads, Moment.BETWEEN) * 1e-9,
                            rate(limit, threads, Moment.AFTER) * 1e-9,
                            rate(limit, threads) * 1e-9)));
    if (program == null) {
      table.note("limit absent: " + absence);
    }
    return table;
  }

  @Override
  public void close() {
    if (program != null) {
      program.destroy();
    }
  }
}
