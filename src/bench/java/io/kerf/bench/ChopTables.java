package io.kerf.bench;

import io.kerf.Kerf;
import io.kerf.Variant;
import io.kerf.bench.ChopPlace.Worth;
import io.kerf.compress.LayerRemoval;
import io.kerf.train.Pretraining;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** The tables of Just CHOP (arXiv 2305.14864) for one model, each with the paper's word on it. */
final class ChopTables {
  /** One training as it ended. */
  private record Run(Worth worth, double seconds) {}

  private static final Map<String, IntFunction<LayerRemoval>> STRATEGIES = new LinkedHashMap<>();

  static {
    STRATEGIES.put("max-gap", Kerf::maxGap);
    STRATEGIES.put("input", Kerf::input);
    STRATEGIES.put("output", Kerf::output);
    STRATEGIES.put("middle", Kerf::middle);
    STRATEGIES.put("both", Kerf::both);
  }

  private final ChopPlace place;
  private final ChopSize size;
  private final Report report;
  private final Worth dense;
  private final Map<Integer, Run> chopped = new LinkedHashMap<>(); // max-gap, by layers removed
  private final Map<Integer, Double> noise = new LinkedHashMap<>();

  ChopTables(ChopPlace place, ChopSize size, Report report) {
    this.place = place;
    this.size = size;
    this.report = report;
    this.dense = place.worth(place.dense());
  }

  /** The five strategies, before and after. */
  void strategies(int removed) {
    Table table =
        new Table(title("five strategies", removed))
            .column("strategy")
            .column("ppl before", "%.2f")
            .column("ppl after", "%.2f")
            .column("deviation", "%.2f")
            .column("tasks before", "%.1f")
            .column("tasks after", "%.1f")
            .column("training s", "%.1f");
    table.row("dense", dense.perplexity(), null, null, dense.tasks(), null, null);
    Map<String, Double> after = new LinkedHashMap<>();
    Samples deviations = new Samples();
    STRATEGIES.forEach(
        (name, strategy) -> {
          Variant cut = place.dense().dropLayers(strategy.apply(removed));
          Worth before = place.worth(cut);
          double[] perplexities = new double[size.seeds()];
          double tasks = 0;
          double seconds = 0;
          for (int seed = 0; seed < size.seeds(); seed++) {
            Run run = run(name + ", seed " + seed, cut, place.recipe().seed(seed));
            perplexities[seed] = run.worth().perplexity();
            tasks += run.worth().tasks() / size.seeds();
            seconds += run.seconds() / size.seeds();
            if (name.equals("max-gap") && seed == 0) {
              chopped.put(removed, run);
            }
          }
          double mean = mean(perplexities);
          double deviation = deviation(perplexities, mean);
          deviations.add(deviation);
          after.put(name, mean);
          table.row(name, before.perplexity(), mean, deviation, before.tasks(), tasks, seconds);
        });
    noise.put(removed, size.seeds() > 1 ? deviations.largest() : Double.NaN);
    conditions(table);
    String rival =
        after.keySet().stream()
            .filter(name -> !name.equals("output"))
            .max(Comparator.comparingDouble(after::get))
            .orElseThrow();
    table.note(
        Claims.smaller(
            "output is always the worst strategy (300M: 25.6, the others 23.0 to 24.5)",
            "the worst other, " + rival + ",",
            after.get(rival),
            "output",
            after.get("output"),
            noise.get(removed)));
    table.note(
        Claims.near(
                "half of 300M's layers gone, max-gap ends at 1.42 times the dense perplexity",
                "ratio",
                after.get("max-gap") / dense.perplexity(),
                1.42,
                0.1)
            + (2 * removed == layers() ? "" : " Not half: " + removed + " of " + layers() + "."));
    report.add(table);
  }

  /** Chopped, distilled and from nothing, on equally many tokens. */
  void otherWays(int removed) {
    Variant cut = place.dense().dropLayers(Kerf.maxGap(removed));
    Pretraining recipe = place.recipe();
    Run chop = chopped.computeIfAbsent(removed, n -> run("max-gap", cut, recipe));
    var teacher = Kerf.from(place.dense());
    Run logits = run("distilled, logits", cut, recipe.distilling(teacher));
    Run hidden = run("distilled, hidden states", cut, recipe.distilling(teacher.hidden(1)));
    Run scratch = run("from scratch", cut.fromScratch(0), recipe);
    Table table = endings(title("other ways to the same size, equal tokens", removed));
    row(table, "LayerCHOP, max-gap", chop);
    row(table, "the same, distilled from logits", logits);
    row(table, "the same, from logits and hidden states", hidden);
    row(table, "the same size from scratch", scratch);
    conditions(table);
    double spread = noise.getOrDefault(removed, Double.NaN);
    Run better = logits.worth().perplexity() < hidden.worth().perplexity() ? logits : hidden;
    table.note(
        Claims.smaller(
            "distillation is worse than continued pretraining",
            "LayerCHOP's perplexity",
            chop.worth().perplexity(),
            "the better distillation's",
            better.worth().perplexity(),
            spread));
    table.note(
        Claims.smaller(
            "distillation is dearer",
            "LayerCHOP's seconds",
            chop.seconds(),
            "the cheaper distillation's",
            Math.min(logits.seconds(), hidden.seconds()),
            Double.NaN));
    table.note(
        Claims.smaller(
            "a cut model learns faster than one from scratch",
            "LayerCHOP's perplexity",
            chop.worth().perplexity(),
            "from scratch",
            scratch.worth().perplexity(),
            spread));
    report.add(table);
  }

  /** At once and gradually, with the optimizer's state warmed and not. */
  void pace(int removed) {
    int warm = size.warmSteps();
    int cuts = Math.min(removed, 3);
    int between = Math.max(1, size.steps() / 8);
    LayerRemoval removal = Kerf.maxGap(removed);
    Pretraining recipe = place.recipe();
    Run cold =
        chopped.computeIfAbsent(
            removed, n -> run("max-gap", place.dense().dropLayers(removal), recipe));
    Run warmed = run("warmed", place.dense(), recipe.chopping(removal, warm));
    Run gradual =
        run("gradually", place.dense(), recipe.choppingGradually(removal, warm, cuts, between));
    Table table = endings(title("at once or gradually, warmed or cold", removed));
    row(table, "at once, cold", cold);
    row(table, "at once after " + warm + " steps of the whole", warmed);
    row(table, cuts + " cuts, " + between + " steps apart, after " + warm, gradual);
    conditions(table);
    table.note(
        "Tokens are equal in all: steps before the last cut are part of the run's "
            + size.steps()
            + ", so fewer of them heal.");
    table.note(
        Claims.smaller(
            "removing gradually gives no benefit",
            "at once (warmed)",
            warmed.worth().perplexity(),
            "gradually",
            gradual.worth().perplexity(),
            noise.getOrDefault(removed, Double.NaN)));
    table.note(
        Claims.smaller(
            "the optimizer's state is filled before the cut (500 steps, in addition)",
            "warmed",
            warmed.worth().perplexity(),
            "cold",
            cold.worth().perplexity(),
            noise.getOrDefault(removed, Double.NaN)));
    report.add(table);
  }

  private Run run(String what, Variant variant, Pretraining recipe) {
    report.say(place.dense().label() + ": " + what);
    Variant trained = place.trained(variant, recipe);
    return new Run(place.worth(trained), trained.training().seconds());
  }

  private static Table endings(String title) {
    return new Table(title)
        .column("way")
        .column("perplexity", "%.2f")
        .column("tasks", "%.1f")
        .column("training s", "%.1f");
  }

  private static void row(Table table, String way, Run run) {
    table.row(way, run.worth().perplexity(), run.worth().tasks(), run.seconds());
  }

  private String title(String what, int removed) {
    return "%s, %d of %d layers removed: %s, %d tokens each"
        .formatted(place.dense().label(), removed, layers(), what, size.tokens());
  }

  private int layers() {
    return place.dense().layers();
  }

  private void conditions(Table table) {
    table.note("Trained on " + place.trainedOn() + "; perplexity of " + place.measuredOn() + ".");
    table.note(
        "Tasks: mean of %s, %d rows each; guessing gets %.1f, the dense model %.1f (standard error about %.1f)."
            .formatted(
                place.skillNames(), size.rows(), place.chance(), dense.tasks(), taskError()));
  }

  /** Of a mean of so many questions that are about half right. */
  private double taskError() {
    return 100 * 0.5 / Math.sqrt((double) size.rows() * place.skills().size());
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
  }
}
