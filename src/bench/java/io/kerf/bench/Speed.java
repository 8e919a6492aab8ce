package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import io.kerf.model.Model;
import java.util.Set;

/**
 * Every weight format of a causal model, prefill and decode, by threads: time, ratio to plain
 * float32, share of the machine's limit, memory. Then planned against unplanned scoring.
 */
final class Speed implements Command {
  @Override
  public String usage() {
    return """
        every weight format, prefill and decode; planned and unplanned scoring
          --model PATH    a GGUF file or a Hugging Face folder (smollm2-135m-instruct)
          --tokens N      prefilled at once (256)
          --new N         decoded (24)
          --threads N,N   (1,2)
          --rounds N      repetitions, all formats in turn (7)
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("model", "tokens", "new", "threads", "rounds");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    int tokens = arguments.count("tokens", 256);
    int newTokens = arguments.count("new", 24);
    int[] threadCounts = arguments.counts("threads", "1,2");
    int rounds = arguments.count("rounds", 7);
    Model model = Models.load(arguments, report).model();
    try (Limits limits = Limits.open(Bench.SOURCES, Bench.BUILD)) {
      read(limits, Moment.BEFORE, threadCounts, 3);
      Footprint footprint = new Footprint(model, tokens);
      report.add(footprint.table());
      try (Sessions sessions = new Sessions(model, footprint.accepted())) {
        Kernels kernels = new Kernels(sessions, tokens, newTokens);
        Plans plans = new Plans(sessions);
        kernels.warmUp();
        for (int round = 0; round < rounds; round++) {
          report.say("round " + (round + 1) + " of " + rounds);
          for (int threads : threadCounts) {
            limits.read(Moment.BETWEEN, threads, 1);
            kernels.round(threads, round);
            if (round % 2 == 0) { // alone is slow: half as often
              plans.round(threads, round);
            }
          }
        }
        read(limits, Moment.AFTER, threadCounts, 3);
        report.add(limits.table());
        report.add(kernels.prefillTable(limits));
        report.add(kernels.decodeTable(limits));
        report.add(plans.table(limits));
      }
    }
  }

  private static void read(Limits limits, Moment moment, int[] threadCounts, int times) {
    for (int threads : threadCounts) {
      limits.read(moment, threads, times);
    }
  }
}
