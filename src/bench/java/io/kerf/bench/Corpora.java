package io.kerf.bench;

import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import io.kerf.train.corpus.Corpus;
import io.kerf.train.corpus.Examples;
import io.kerf.train.corpus.Packing;
import io.kerf.train.corpus.TokenCache;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Texts of some sizes made into examples, side by side: speed, and memory, which must not grow with
 * the text.
 */
final class Corpora implements Command {
  private static final double MIB = 1 << 20;
  private static final int CONTEXT = 256;
  private static final int EXAMPLES = 2000;
  private static final Path SMALL = Path.of("../shared/models/stories260K/stories260K.bin");

  @Override
  public String usage() {
    return """
        corpora of several sizes made into examples: tokens/s and memory
          --model PATH    whose tokenizer: a folder, a file or a name (stories260K where it is beside
                          the project, else smollm2-135m-instruct)
          --mb N,N,...    sizes of the texts, each made up and deleted again (20,2000)
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "mb");
  }

  @Override
  public void run(Arguments arguments, Report report) throws IOException {
    boolean small = arguments.text("model").isEmpty() && Files.exists(SMALL);
    Model model = small ? ModelReader.read(SMALL) : Models.load(arguments, report).model();
    Table table =
        new Table(
                "Corpora by the tokenizer of "
                    + model.lineage().name()
                    + ", "
                    + CONTEXT
                    + " tokens each")
            .column("MB of text")
            .column("million tokens", "%.1f")
            .column("tokenised s", "%.1f")
            .column("tokens/s", "%.0f")
            .column("MB/s", "%.2f")
            .column("again s", "%.2f")
            .column("examples/s", "%.0f")
            .column("peak heap MiB", "%.0f")
            .column("peak resident MiB", "%.0f")
            .column("of it no file's MiB", "%.0f");
    table.note("again: tokenised already, read once to see that it is whole");
    table.note("a file's pages are resident as long as nobody else needs the memory");
    measure(2, model, table, true); // classes, native code
    for (int size : arguments.counts("mb", "20,2000")) {
      report.say(size + " MB: tokenising");
      measure(size, model, table, false);
    }
    report.add(table);
  }

  private static void measure(int megabytes, Model model, Table table, boolean rehearsal)
      throws IOException {
    Path folder = Files.createTempDirectory("kerf-corpus");
    try {
      Path text = folder.resolve("text.txt");
      MadeUpText.write(text, megabytes * 1_000_000L);
      TokenCache cache = new TokenCache(folder.resolve("kept"));
      List<MemoryPoolMXBean> heap =
          ManagementFactory.getMemoryPoolMXBeans().stream()
              .filter(pool -> pool.getType() == MemoryType.HEAP)
              .toList();
      Memory.forgetPeak();
      heap.forEach(MemoryPoolMXBean::resetPeakUsage);
      try (Memory.Watch watch = new Memory.Watch()) {
        long start = System.nanoTime();
        Examples examples = examples(text, cache, model);
        double first = seconds(start);
        start = System.nanoTime();
        examples(text, cache, model);
        double again = seconds(start);
        start = System.nanoTime();
        Random random = new Random(1);
        for (int i = 0; i < EXAMPLES; i++) {
          examples.at(random.nextLong(examples.distinct()));
        }
        double reading = seconds(start);
        if (!rehearsal) {
          double tokens = examples.distinct() * (double) CONTEXT;
          table.row(
              megabytes,
              tokens * 1e-6,
              first,
              tokens / first,
              megabytes / first,
              again,
              EXAMPLES / reading,
              heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / MIB,
              Memory.peakBytes() / MIB,
              watch.mostBytes() / MIB);
        }
      }
    } finally {
      delete(folder);
    }
  }

  private static Examples examples(Path text, TokenCache cache, Model model) {
    return Packing.of(CONTEXT, 0)
        .keptIn(cache)
        .examples(Corpus.of(text), model, ProgressListener.NONE);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(each);
      }
    }
  }
}
