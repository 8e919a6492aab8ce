package io.kerf;

import io.kerf.eval.Paired;
import io.kerf.eval.TaskResult;
import io.kerf.report.ChangeMap;
import io.kerf.report.Comparison;
import io.kerf.report.FactLedger;
import io.kerf.report.FootnotedTable;
import io.kerf.report.LedgerRow;
import io.kerf.report.SignificanceTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.knowm.xchart.HeatMapChart;

/**
 * A report's variants against each other, document by document.
 *
 * @param report what was measured
 */
record Comparisons(Report report) {
  /** The facts of these tasks. */
  FactLedger facts(Variant before, Variant after, List<String> tasks) {
    List<LedgerRow> rows = new ArrayList<>();
    tasks.forEach(task -> rows.addAll(pairs(before, after, requireFacts(task)).facts()));
    return new FactLedger(
        report.subject(), report.label(before), report.label(after), rows, report.standsOn());
  }

  /** The questions of a task, right or wrong by that value, or by the task's own if empty. */
  Comparison questions(Variant before, Variant after, String task, Optional<String> value) {
    Pairs pairs = pairs(before, after, task);
    TaskResult result = report.result(before, task);
    String by =
        value.isPresent()
            ? value.get()
            : Pairs.rightness(result)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            ("%s has no answers that are right or wrong (it has %s), so that none"
                                    + " can be lost or gained; compare its scores in"
                                    + " report.table()")
                                .formatted(task, result.outcomes().get(0).values().keySet())));
    Pairs.requireRightness(result, by);
    Pairs.requireRightness(report.result(after, task), by);
    return new Comparison(
        "%s, %s: %s to %s"
            .formatted(report.subject(), task, report.label(before), report.label(after)),
        by,
        pairs.questions(by),
        report.standsOn());
  }

  /** All tasks whose facts LAMA asks. */
  List<String> factTasks() {
    Set<String> tasks = new LinkedHashSet<>();
    for (Report.Entry entry : report.entries()) {
      if (Pairs.ofFacts(entry.result())) {
        tasks.add(entry.result().task());
      }
    }
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException(
          "this report has no facts: its tasks are "
              + String.join(", ", tasks())
              + "; measure on facts too, for instance .on(lama(\"facts\"))");
    }
    return List.copyOf(tasks);
  }

  private String requireFacts(String task) {
    if (!Pairs.ofFacts(entry(task))) {
      throw new IllegalArgumentException(
          task + " asks no facts; see what became of its questions by report.compare(...)");
    }
    return task;
  }

  /** A row for each relation of these tasks, a column for each variant but the first. */
  HeatMapChart map(List<String> tasks) {
    Variant first = first();
    List<Variant> cuts = cuts();
    Map<String, double[]> points = new LinkedHashMap<>(); // by what the map's row is called
    for (String task : tasks) {
      for (int column = 0; column < cuts.size(); column++) {
        Map<String, Paired> relations = new LinkedHashMap<>();
        for (LedgerRow row : pairs(first, cuts.get(column), requireFacts(task)).facts()) {
          Paired one = Paired.NONE.plus(row.before().known(), row.after().known());
          relations.merge(label(row, tasks.size() > 1), one, Paired::plus);
        }
        for (Map.Entry<String, Paired> relation : relations.entrySet()) {
          points.computeIfAbsent(relation.getKey(), r -> new double[cuts.size()])[column] =
              100 * relation.getValue().difference();
        }
      }
    }
    return ChangeMap.of(
        "%s, %s: P@1 in points against %s"
            .formatted(report.subject(), String.join(", ", tasks), report.label(first)),
        List.copyOf(points.keySet()),
        cuts.stream().map(report::label).toList(),
        points.values().toArray(double[][]::new));
  }

  /** "trex P19: X was born in Y". */
  private static String label(LedgerRow row, boolean withTask) {
    boolean told = withTask && !row.relation().equals(row.task());
    return (told ? row.task() + " " : "") + row.title();
  }

  /** Every variant against the first on every task whose answers are right or wrong. */
  FootnotedTable significance() {
    List<SignificanceTable.Row> rows = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String task : tasks()) {
      Optional<String> value = Pairs.rightness(entry(task));
      if (value.isEmpty()) {
        leftOut.add(task);
        continue;
      }
      for (Variant variant : cuts()) {
        Pairs pairs = pairs(first(), variant, task);
        Pairs.requireRightness(report.result(variant, task), value.get());
        rows.add(
            new SignificanceTable.Row(
                task, report.label(variant), value.get(), pairs.paired(value.get())));
      }
    }
    String without =
        leftOut.isEmpty()
            ? ""
            : "Without "
                + String.join(", ", leftOut)
                + ": no answers there that are right or wrong.\n";
    return SignificanceTable.of(
        "What changed against " + report.label(first()) + ", " + report.subject(),
        rows,
        without + report.standsOn());
  }

  private Variant first() {
    return report.evaluation().variants().get(0);
  }

  /** All variants but the first. */
  private List<Variant> cuts() {
    List<Variant> variants = report.evaluation().variants();
    if (variants.size() < 2) {
      throw new IllegalArgumentException(
          "changes need a variant to compare with the first, and this report has only '"
              + report.label(first())
              + "'; evaluate it together with a cut");
    }
    return variants.subList(1, variants.size());
  }

  private Pairs pairs(Variant before, Variant after, String task) {
    requireVariant(before);
    requireVariant(after);
    entry(task);
    return Pairs.of(
        report.label(before),
        report.result(before, task),
        report.label(after),
        report.result(after, task));
  }

  private void requireVariant(Variant variant) {
    List<Variant> known = report.evaluation().variants();
    if (known.stream().noneMatch(other -> other == variant)) {
      throw new IllegalArgumentException(
          ("'%s' is no variant of this report, which has %s; compare variants that were evaluated"
                  + " together")
              .formatted(
                  variant.label(), String.join(", ", known.stream().map(report::label).toList())));
    }
  }

  private List<String> tasks() {
    return report.entries().stream().map(e -> e.result().task()).distinct().toList();
  }

  /** Any result of a task. */
  private TaskResult entry(String task) {
    return report.entriesOf(task).get(0).result();
  }
}
