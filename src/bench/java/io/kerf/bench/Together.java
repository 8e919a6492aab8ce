package io.kerf.bench;

import com.sun.management.OperatingSystemMXBean;
import io.kerf.compress.LayerRemoval;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.Ensemble;
import io.kerf.engine.Libtorch;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Evaluator;
import io.kerf.eval.TaskResult;
import io.kerf.eval.harness.HarnessTask;
import io.kerf.model.Model;
import io.kerf.model.ModelFingerprint;
import io.kerf.progress.ProgressListener;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Variants that lack layers near the output, each in a session of its own and all in an ensemble:
 * what their shared first blocks save.
 */
final class Together implements Command {
  private static final double MIB = 1 << 20;
  private static final Evaluator EVALUATOR = Evaluator.with(ProgressListener.NONE);

  @Override
  public String usage() {
    return """
        variants that share first blocks, apart and together
          --model PATH    a GGUF file or a Hugging Face folder (smollm2-135m-instruct)
          --rounds N      measured rounds (3)
          --threads N     (1)
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "rounds", "threads");
  }

  @Override
  public void run(Arguments arguments, Report report) {
    Model dense = Models.load(arguments, report).model();
    Libtorch.threads(arguments.count("threads", 1));
    List<Model> models =
        List.of(
            dense,
            LayerRemoval.last(4).apply(dense),
            LayerRemoval.output(2).apply(dense),
            LayerRemoval.output(8).apply(dense));
    report.add(hashes(models));
    HarnessTask task = Plans.task(dense.tokenizer());
    Samples apart = new Samples();
    Samples together = new Samples();
    double difference = 0;
    double apartBytes = 0;
    double togetherBytes = 0;
    for (int round = 0; round < arguments.count("rounds", 3); round++) {
      List<TaskResult> alone = new ArrayList<>();
      double seconds = 0;
      apartBytes = 0;
      for (Model model : models) {
        double before = Memory.anonymousBytes();
        try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
          long start = System.nanoTime();
          alone.add(EVALUATOR.run(session, task));
          seconds += (System.nanoTime() - start) * 1e-9;
          apartBytes += Memory.anonymousBytes() - before;
        }
      }
      apart.add(seconds);
      double before = Memory.anonymousBytes();
      try (Ensemble ensemble = Ensemble.open(models, WeightFormat.FLOAT32_PACKED)) {
        long start = System.nanoTime();
        List<TaskResult> all = EVALUATOR.run(ensemble, task);
        together.add((System.nanoTime() - start) * 1e-9);
        togetherBytes = Memory.anonymousBytes() - before;
        for (int m = 0; m < models.size(); m++) {
          difference = Math.max(difference, Plans.difference(alone.get(m), all.get(m)));
        }
      }
      report.say("round " + (round + 1) + " done");
    }
    int blocks = models.stream().mapToInt(model -> model.blocks().size()).sum();
    Table table =
        new Table(
                models.size()
                    + " variants of "
                    + dense.blocks().size()
                    + " blocks and fewer, "
                    + blocks
                    + " together; MiB of all sessions open at once")
            .column("blocks run", "%d")
            .column("apart s", "%.2f")
            .column("together s", "%.2f")
            .column("times faster", "%.2f")
            .column("apart MiB", "%.0f")
            .column("together MiB", "%.0f")
            .column("max |difference|", "%.1e");
    table.row(
        blocks - Ensemble.sharedBlocks(models),
        apart.median(),
        together.median(),
        together.timesFasterThan(apart),
        apartBytes / MIB,
        togetherBytes / MIB,
        difference);
    report.add(table);
  }

  /** What it takes to know a model by its weights, by which its answers are kept. */
  private static Table hashes(List<Model> models) {
    Table table =
        new Table("A model's fingerprint; tensors that an earlier one has are not read again")
            .column("variant")
            .column("ms", "%.0f")
            .column("ms of all processors", "%.0f");
    for (Model model : models) {
      long start = System.nanoTime();
      long worked = processorNanos();
      ModelFingerprint.of(model);
      double elapsed = (System.nanoTime() - start) * 1e-6;
      table.row(model.label(), elapsed, (processorNanos() - worked) * 1e-6);
    }
    return table;
  }

  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
