package io.kerf;

import io.kerf.compress.Achieved;
import io.kerf.eval.Calibration;
import io.kerf.eval.Calibration.Binning;
import io.kerf.eval.Measure;
import io.kerf.eval.TaskResult;
import io.kerf.model.Lineage;
import io.kerf.name.Names;
import io.kerf.report.Charts;
import io.kerf.report.Comparison;
import io.kerf.report.Curve;
import io.kerf.report.FactLedger;
import io.kerf.report.FootnotedTable;
import io.kerf.report.LineageText;
import io.kerf.report.Rendering;
import io.kerf.report.ResultChart;
import io.kerf.report.ResultRow;
import io.kerf.report.ResultTable;
import io.kerf.report.Shown;
import io.kerf.report.SparsitySweep;
import io.kerf.report.VariantTable;
import io.kerf.train.Trained;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;

/**
 * What an evaluation found.
 *
 * @param evaluation what was asked
 * @param entries a result for each variant and task that was measured, in the order of the variants
 * @param notes what else the numbers' reader should know: lines under the tables
 */
public record Report(Evaluation evaluation, List<Entry> entries, List<String> notes)
    implements Shown {
  private static final String REQUESTED_SPARSITY = "requested sparsity";

  public Report {
    entries = List.copyOf(entries);
    notes = List.copyOf(notes);
  }

  /** Without notes. */
  public Report(Evaluation evaluation, List<Entry> entries) {
    this(evaluation, entries, List.of());
  }

  /** What one task says of one variant. */
  public record Entry(Variant variant, TaskResult result) {}

  /** Whether everything that was asked was measured; an interrupt leaves less. */
  public boolean complete() {
    return entries.size() == evaluation.variants().size() * evaluation.tasks().size()
        && entries.stream().allMatch(e -> e.result().complete());
  }

  /**
   * The result of that task for that variant.
   *
   * @throws IllegalArgumentException if it was not measured
   */
  public TaskResult result(Variant variant, String task) {
    return entries.stream()
        .filter(e -> e.variant() == variant && e.result().task().equals(task))
        .map(Entry::result)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + variant.label() + "' was not measured on " + task));
  }

  /**
   * A row for each variant: each task's headline with its standard error and what the cut cost,
   * then achieved sparsity, bits, bytes, tokens a second, and of trained variants the seconds and
   * the tokens of their training.
   */
  public FootnotedTable table() {
    return VariantTable.of("What compression costs " + subject(), rows(false), standsOn());
  }

  /** A row for each variant, task and metric: for Tablesaw's own filters and joins. */
  public FootnotedTable details() {
    return ResultTable.of("Every measure", rows(true), standsOn());
  }

  /** Each task's headline as bars, a colour for each variant. */
  public CategoryChart chart() {
    return ResultChart.bars("What compression costs " + subject(), rows(false));
  }

  /** Tokens a second, a bar for each variant: comparable because they ran in one go. */
  public CategoryChart speedChart() {
    Map<String, Double> speeds = new LinkedHashMap<>();
    entries.forEach(e -> speeds.put(label(e.variant()), tokensPerSecond(e.variant())));
    return Charts.bars(
        subject() + ", speed",
        "",
        "tokens/s",
        List.copyOf(speeds.keySet()),
        Map.of("tokens/s", List.copyOf(speeds.values())));
  }

  /**
   * A task's headline against the sparsity that was asked for, a curve for each scope: the figure
   * of The Cost of Compression (arXiv 2312.00960). Only variants that were pruned and nothing else
   * are drawn; the dense model, if it was measured, is every curve's left end.
   */
  public XYChart sparsityChart(String task) {
    return sweep(task).chart();
  }

  /** The numbers of {@link #sparsityChart}: a row for each sparsity, a column for each scope. */
  public FootnotedTable sparsityTable(String task) {
    return sweep(task).table();
  }

  private SparsitySweep sweep(String task) {
    Map<String, List<Curve.Point>> points = new LinkedHashMap<>();
    Optional<Curve.Point> dense = Optional.empty();
    String metric = "";
    for (Entry entry : entriesOf(task)) {
      Measure measure = entry.result().headline();
      metric = measure.metric();
      List<Lineage.Step> steps = entry.variant().lineage().steps();
      if (steps.isEmpty()) {
        dense = Optional.of(point(0, measure));
      } else if (steps.size() == 1 && steps.get(0).settings().containsKey(REQUESTED_SPARSITY)) {
        Map<String, String> settings = steps.get(0).settings();
        double sparsity = Double.parseDouble(settings.get(REQUESTED_SPARSITY));
        points
            .computeIfAbsent(settings.get("scope"), scope -> new ArrayList<>())
            .add(point(sparsity, measure));
      }
    }
    List<Curve> curves = new ArrayList<>();
    points.forEach((scope, curve) -> curves.add(new Curve(scope, curve)));
    return new SparsitySweep(
        subject() + ", pruned by magnitude, on " + task, metric, dense, curves, standsOn());
  }

  /**
   * Which facts one variant knows and the other does not, over all of LAMA's tasks of this report.
   */
  public FactLedger facts(Variant before, Variant after) {
    Comparisons comparisons = new Comparisons(this);
    return comparisons.facts(before, after, comparisons.factTasks());
  }

  /** As {@link #facts(Variant, Variant)}, of one task. */
  public FactLedger facts(Variant before, Variant after, String task) {
    return new Comparisons(this).facts(before, after, List.of(task));
  }

  /** What each cut changes in each relation, in points of P@1 against the first variant. */
  public HeatMapChart factMap() {
    Comparisons comparisons = new Comparisons(this);
    return comparisons.map(comparisons.factTasks());
  }

  /** As {@link #factMap()}, of one task. */
  public HeatMapChart factMap(String task) {
    return new Comparisons(this).map(List.of(task));
  }

  /**
   * Which questions of a task one variant answers right and the other wrong, by the task's headline
   * or, where that is no matter of right or wrong, by "acc".
   */
  public Comparison compare(Variant before, Variant after, String task) {
    return new Comparisons(this).questions(before, after, task, Optional.empty());
  }

  /** As {@link #compare(Variant, Variant, String)}, by a value of 0 or 1: "acc_norm", "P@10". */
  public Comparison compare(Variant before, Variant after, String task, String value) {
    return new Comparisons(this).questions(before, after, task, Optional.of(value));
  }

  /**
   * Every variant against the first on every task: the change with its interval, McNemar's p with
   * Holm's correction over the table, the share of answers that flipped.
   */
  public FootnotedTable significance() {
    return new Comparisons(this).significance();
  }

  /**
   * How sure the variants are, against how often they are right, by task and metric: expected
   * calibration error over 10 bins of equal width (arXiv 1706.04599), confidence, Brier score.
   */
  public FootnotedTable calibration() {
    return calibration(Binning.EQUAL_WIDTH, Calibration.USUAL_BINS);
  }

  /** As {@link #calibration()}, over so many bins of that kind. */
  public FootnotedTable calibration(Binning binning, int bins) {
    return new Calibrations(this, binning, bins).table();
  }

  /** The reliability diagram of a task, by its first metric that has confidences. */
  public XYChart calibrationChart(String task) {
    return new Calibrations(this, Binning.EQUAL_WIDTH, Calibration.USUAL_BINS).chart(task);
  }

  /** The reliability diagram of a task by that metric: "acc_norm". */
  public XYChart calibrationChart(String task, String metric) {
    return new Calibrations(this, Binning.EQUAL_WIDTH, Calibration.USUAL_BINS).chart(task, metric);
  }

  /** What changed prompts cost: a row for each variant, changed task and metric. */
  public FootnotedTable robustness() {
    return new Rewordings(this).robustness();
  }

  /** Scores by wording of the prompts, their spread, and how many answers all wordings get. */
  public FootnotedTable wordings() {
    return new Rewordings(this).wordings();
  }

  private static Curve.Point point(double sparsity, Measure measure) {
    return new Curve.Point(sparsity, measure.value(), measure.standardError());
  }

  List<Entry> entriesOf(String task) {
    List<Entry> found = entries.stream().filter(e -> e.result().task().equals(task)).toList();
    if (found.isEmpty()) {
      throw Names.unknown(
          "task of this report",
          task,
          entries.stream().map(e -> e.result().task()).distinct().toList());
    }
    return found;
  }

  /**
   * What the numbers stand on: weights by hash, tasks with their rows, rules and data by hash,
   * kernels, Kerf's version.
   */
  public String standsOn() {
    Set<String> lines = new LinkedHashSet<>();
    if (!complete()) {
      lines.add("Stopped before the end: what was measured until then is shown.");
    }
    for (Entry entry : entries) {
      lines.add(LineageText.source(entry.variant().lineage()));
    }
    for (Entry entry : entries) {
      TaskResult result = entry.result();
      StringBuilder line = new StringBuilder(result.task() + ": " + result.standsOn());
      result
          .settings()
          .forEach((key, value) -> line.append("; ").append(key).append(": ").append(value));
      result.data().stream()
          .limit(1)
          .forEach(file -> line.append("; sha256 ").append(file.sha256(), 0, 12));
      lines.add(line.toString());
    }
    answeredBefore().ifPresent(lines::add);
    lines.addAll(notes);
    lines.add(
        "Linear layers computed in " + evaluation.format().label() + "; Kerf " + Kerf.VERSION);
    return String.join("\n", lines);
  }

  /** "1,200 of 3,676 requests were answered before (kept in FOLDER); tokens/s ..." */
  private Optional<String> answeredBefore() {
    long before = entries.stream().mapToLong(e -> e.result().work().storedRequests()).sum();
    long all = entries.stream().mapToLong(e -> e.result().work().requests()).sum();
    return before == 0
        ? Optional.empty()
        : evaluation
            .answers()
            .map(
                answers ->
                    String.format(
                        Locale.ROOT,
                        "%,d of %,d requests were answered before (kept in %s); their tokens/s are"
                            + " of then",
                        before,
                        all,
                        shown(answers.folder())));
  }

  /** A folder as seen from where the notebook is, or from the user's home. */
  private static Path shown(Path folder) {
    Path here = Path.of("").toAbsolutePath();
    Path home = Path.of(System.getProperty("user.home")).toAbsolutePath();
    if (folder.startsWith(here)) {
      return here.relativize(folder);
    }
    return folder.startsWith(home) ? Path.of("~").resolve(home.relativize(folder)) : folder;
  }

  String subject() {
    Set<String> names = new LinkedHashSet<>();
    evaluation.variants().forEach(v -> names.add(v.lineage().name()));
    return String.join(", ", names);
  }

  private List<ResultRow> rows(boolean everyMeasure) {
    List<ResultRow> rows = new ArrayList<>();
    for (Entry entry : entries) {
      if (everyMeasure) {
        double own = entry.result().work().tokensPerSecond();
        entry.result().measures().forEach(measure -> rows.add(row(entry, measure, own)));
      } else {
        rows.add(row(entry, entry.result().headline(), tokensPerSecond(entry.variant())));
      }
    }
    return rows;
  }

  private ResultRow row(Entry entry, Measure measure, double tokensPerSecond) {
    Achieved achieved = entry.variant().achieved();
    Optional<Trained> trained = Trained.of(entry.variant().lineage());
    return new ResultRow(
        label(entry.variant()),
        entry.result().task(),
        measure.metric(),
        measure.higherIsBetter(),
        measure.value(),
        measure.standardError(),
        drop(entry, measure),
        achieved.sparsity(),
        achieved.bitsPerWeight(),
        achieved.sizeBytes(),
        tokensPerSecond,
        trained.map(Trained::seconds).orElse(Double.NaN),
        trained.map(Trained::tokens).orElse(-1L),
        measure.samples());
  }

  /** The variant's label, numbered where an earlier variant has the same. */
  String label(Variant variant) {
    long same =
        evaluation.variants().stream()
            .takeWhile(other -> other != variant)
            .distinct()
            .filter(other -> other.label().equals(variant.label()))
            .count();
    return same == 0 ? variant.label() : variant.label() + " (" + (same + 1) + ")";
  }

  /** Over all tasks together. */
  private double tokensPerSecond(Variant variant) {
    double tokens = 0;
    double millis = 0;
    for (Entry entry : entries) {
      if (entry.variant() == variant) {
        tokens += entry.result().work().computedTokens();
        millis += entry.result().work().elapsedMillis();
      }
    }
    return tokens * 1000 / Math.max(1, millis);
  }

  /** How much worse than the first variant, in the metric's unit; NaN for the first itself. */
  private double drop(Entry entry, Measure measure) {
    Variant first = evaluation.variants().get(0);
    if (entry.variant() == first) {
      return Double.NaN;
    }
    for (Entry other : entries) {
      if (other.variant() == first && other.result().task().equals(entry.result().task())) {
        if (!other.result().complete() || !entry.result().complete()) {
          return Double.NaN; // not the same documents
        }
        double difference = other.result().measure(measure.metric()).value() - measure.value();
        return measure.higherIsBetter() ? difference : -difference;
      }
    }
    return Double.NaN;
  }

  @Override
  public String html() {
    return Rendering.of(table()).get(Rendering.HTML);
  }

  @Override
  public String text() {
    return Rendering.of(table()).get(Rendering.TEXT);
  }
}
