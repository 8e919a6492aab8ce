package io.kerf.bench;

import io.kerf.bench.Limits.Moment;
import io.kerf.engine.Libtorch;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Half depth and 2:4 zeros against the dense model: tokens a second, all three in turns. */
final class ChopSpeed {
  private static final WeightFormat FORMAT = WeightFormat.FLOAT32_PACKED;
  private static final int TOKENS = 256;
  private static final int NEW = 16;
  private static final int ROUNDS = 5;
  private static final int MOST = 40; // measurements in a round, of so many seconds together
  private static final double SECONDS = 0.5;
  private static final int THREADS = 2;

  private ChopSpeed() {}

  /**
   * Measures and adds a table.
   *
   * @param models by name, the dense one first, half depth second, 2:4 third
   */
  static void measure(String label, Map<String, Model> models, Limits limits, Report report) {
    Map<String, Kernels> kernels = new LinkedHashMap<>();
    Map<String, Sessions> open = new LinkedHashMap<>();
    try {
      models.forEach((name, model) -> open.put(name, new Sessions(model, FORMAT)));
      Libtorch.threads(THREADS);
      open.forEach((name, sessions) -> kernels.put(name, new Kernels(sessions, TOKENS, NEW)));
      Kernels first = kernels.values().iterator().next();
      first.warmUp();
      double once = Samples.seconds(first::warmUp);
      int times = (int) Math.max(1, Math.min(MOST, SECONDS / once)); // a small model's are short
      for (int round = 0; round < ROUNDS; round++) {
        limits.read(Moment.BETWEEN, THREADS, 1);
        List<Kernels> inTurn = new ArrayList<>(kernels.values());
        Collections.rotate(inTurn, round);
        for (Kernels each : inTurn) {
          each.warmUp(); // a small model's first pass after another's takes several times as long
          for (int i = 0; i < times; i++) {
            each.round(THREADS, round);
          }
        }
      }
      report.add(table(label, models, kernels, limits));
    } finally {
      open.values().forEach(Sessions::close);
    }
  }

  private static Table table(
      String label, Map<String, Model> models, Map<String, Kernels> kernels, Limits limits) {
    Table table =
        new Table(label + ": speed in " + FORMAT.label() + ", " + THREADS + " threads")
            .column("variant")
            .column("prefill tokens/s", "%.0f")
            .column("times dense", "%.2f")
            .column("share of arithmetic limit", "%.2f")
            .column("decoded tokens/s", "%.0f")
            .column("times dense ", "%.2f");
    Kernels dense = kernels.values().iterator().next();
    Samples prefills = dense.prefills(FORMAT, THREADS);
    Samples decodes = dense.decodes(FORMAT, THREADS);
    Map<String, Double> faster = new LinkedHashMap<>();
    kernels.forEach(
        (name, each) -> {
          Samples prefill = each.prefills(FORMAT, THREADS);
          Samples decode = each.decodes(FORMAT, THREADS);
          double operations = new Effort(models.get(name)).prefillOperations(TOKENS);
          faster.put(name, prefill.timesFasterThan(prefills));
          table.row(
              name,
              TOKENS / prefill.median(),
              faster.get(name),
              operations / prefill.median() / limits.rate(Limit.of(FORMAT), THREADS),
              1 / decode.median(),
              decode.timesFasterThan(decodes));
        });
    String[] names = faster.keySet().toArray(String[]::new);
    table.note(
        Claims.near("half depth is 1.84 times as fast", names[1], faster.get(names[1]), 1.84, 0.1));
    table.note(
        Claims.near("2:4 zeros are 1.24 times as fast", names[2], faster.get(names[2]), 1.24, 0.1));
    table.note(
        "The paper's 2:4 runs on a GPU that skips zeros; no processor here does, and zeros are"
            + " multiplied like any other weight: fewer layers are faster everywhere.");
    return table;
  }
}
