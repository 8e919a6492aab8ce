package io.kerf.bench;

import io.kerf.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same steps by both sides: their times, what they hold, and whether they learn the same. */
final class TrainingContest {
  static final String KERF = "Kerf";
  static final String TORCH = "torch";
  static final String TUNED = "torch, tuned";

  private static final double MIB = 1 << 20;

  /** Who trains, and what products are computed in. */
  private record Entrant(String whose, String dtype) {}

  /** What an entrant's steps came to, over all rounds. */
  private static final class Found {
    private final Samples seconds = new Samples(); // without each round's first step
    private final List<Double> losses = new ArrayList<>(); // of the first round
    private final List<Double> norms = new ArrayList<>();
    private double before = Double.NaN;
    private double peak = Double.NaN;
  }

  private final Map<Entrant, Found> found = new LinkedHashMap<>();
  private final double operations; // of a step
  private final int tokens; // of a step

  /**
   * Prepares a contest.
   *
   * @param operations that a step needs, whoever makes it
   * @param tokens that a step reads
   */
  TrainingContest(double operations, int tokens) {
    this.operations = operations;
    this.tokens = tokens;
  }

  /** A side has loaded the model. */
  void begins(String whose, String dtype, Json versions) {
    Found here = found.computeIfAbsent(new Entrant(whose, dtype), any -> new Found());
    here.before = bytes(versions.at("resident_bytes"));
  }

  /** A side has made a step. */
  void made(String whose, String dtype, int round, Json step) {
    Found here = found.get(new Entrant(whose, dtype));
    if (step.at("step").number() > 1) {
      here.seconds.add(step.at("seconds").number());
    }
    if (round == 0) {
      here.losses.add(step.at("loss").number());
      here.norms.add(step.at("gradient_norm").number());
    }
    double peak = bytes(step.at("peak_bytes"));
    here.peak = Double.isNaN(here.peak) ? peak : Math.max(here.peak, peak);
  }

  private static double bytes(Json value) {
    return value.optional().map(Json::number).orElse(Double.NaN);
  }

  /** Speed and memory. */
  Table table(Limits limits, int threads) {
    Table table =
        new Table("Training, %d tokens a step, %d threads each".formatted(tokens, threads))
            .column("by")
            .column("products")
            .column("tokens/s", "%.1f")
            .column("slowest", "%.1f")
            .column("fastest", "%.1f")
            .column("share of arithmetic limit", "%.2f")
            .column("x torch", "%.2f")
            .column("resident before MiB", "%.0f")
            .column("peak MiB", "%.0f")
            .column("of torch's peak", "%.2f");
    found.forEach(
        (entrant, here) -> {
          Found torch = found.getOrDefault(new Entrant(TORCH, entrant.dtype), new Found());
          double rate = limits.rate(limit(entrant.dtype), threads);
          table.row(
              entrant.whose,
              entrant.dtype,
              tokens / here.seconds.median(),
              tokens / here.seconds.largest(),
              tokens / here.seconds.smallest(),
              operations / here.seconds.median() / rate,
              here.seconds.timesFasterThan(torch.seconds),
              here.before / MIB,
              here.peak / MIB,
              here.peak / torch.peak);
        });
    table.note("medians of all steps but the first; x torch: of the ratios, step by step");
    table.note(
        "torch: as a user starts it; tuned: in the environment that Kerf sets for itself, huge"
            + " pages that are kept and threads that sleep");
    table.note(
        "a token needs %.0f million operations: 6 for every weight of the linear layers and the"
                .formatted(operations / tokens * 1e-6)
            + " head, 12 in attention for every number of a query and token it sees");
    table.note(
        "peak: the most that was resident since the model was loaded, of a process that does"
            + " nothing else");
    return table;
  }

  private static Limit limit(String dtype) {
    return dtype.equals("float32") ? Limit.FLOAT32 : Limit.BFLOAT16;
  }

  /** What was learned, step by step. */
  Table losses(String dtype) {
    Found kerf = found.getOrDefault(new Entrant(KERF, dtype), new Found());
    Found torch = found.getOrDefault(new Entrant(TORCH, dtype), new Found());
    Table table =
        new Table("Loss before each step, " + dtype)
            .column("step", "%d")
            .column(KERF, "%.6f")
            .column(TORCH, "%.6f")
            .column("difference", "%.1e")
            .column(KERF + "'s gradient norm", "%.5f")
            .column(TORCH + "'s", "%.5f");
    double most = 0;
    for (int i = 0; i < Math.max(kerf.losses.size(), torch.losses.size()); i++) {
      double difference = at(kerf.losses, i) - at(torch.losses, i);
      most = Math.max(most, Math.abs(difference)); // NaN where a side is absent
      table.row(
          i + 1,
          at(kerf.losses, i),
          at(torch.losses, i),
          difference,
          at(kerf.norms, i),
          at(torch.norms, i));
    }
    if (!Double.isNaN(most)) {
      table.note("largest difference %.1e".formatted(most));
    }
    return table;
  }

  private static double at(List<Double> values, int i) {
    return i < values.size() ? values.get(i) : Double.NaN;
  }
}
