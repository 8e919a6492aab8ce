package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import java.util.Set;

/** What this machine can do at most, alone. */
final class LimitsOnly implements Command {
  @Override
  public String usage() {
    return """
        what this machine can do at most
          --threads N,N   (1,2)
        """;
  }

  @Override
  public Set<String> options() {
    return Set.of("threads");
  }

  @Override
  public void run(Arguments arguments, Report report) throws Exception {
    try (Limits limits = Limits.open(Bench.SOURCES, Bench.BUILD)) {
      for (int threads : arguments.counts("threads", "1,2")) {
        limits.read(Moment.BEFORE, threads, 7);
      }
      report.add(limits.table());
    }
  }
}
