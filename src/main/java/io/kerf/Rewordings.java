package io.kerf;

import io.kerf.eval.Bootstrap;
import io.kerf.eval.Measure;
import io.kerf.eval.Outcome;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Verdict;
import io.kerf.eval.rewording.RewordedTask;
import io.kerf.report.FootnotedTable;
import io.kerf.report.RobustnessTable;
import io.kerf.report.WordingTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What becomes of a report's answers where prompts are said otherwise. */
record Rewordings(Report report) {
  /** A result on changed prompts and the one on the prompts as they are. */
  private record Pair(String variant, TaskResult clean, TaskResult changed) {
    String task() {
      return clean.task();
    }

    String change() {
      return worded()
          ? changed.settings().get(RewordedTask.WORDING)
          : changed.settings().get(RewordedTask.GARBLED);
    }

    boolean worded() {
      return changed.settings().containsKey(RewordedTask.WORDING);
    }
  }

  /** A row for each variant, changed task, and metric that is a mean over documents. */
  FootnotedTable robustness() {
    List<RobustnessTable.Row> rows = new ArrayList<>();
    for (Pair pair : pairs()) {
      for (Measure measure : pair.clean().measures()) {
        double[] clean = values(pair.clean(), measure.metric());
        double[] changed = values(pair.changed(), measure.metric());
        if (clean.length > 0 && changed.length > 0) {
          rows.add(row(pair, measure.metric(), clean, changed));
        }
      }
    }
    return RobustnessTable.of(
        "What other prompts cost " + report.subject(),
        rows,
        "drop: clean - changed over the same documents, 95 % by paired bootstrap; same answers:"
            + " share of the documents whose answer stays, right or wrong.\n"
            + report.standsOn());
  }

  private static RobustnessTable.Row row(
      Pair pair, String metric, double[] clean, double[] changed) {
    double[] lost = new double[clean.length];
    Arrays.setAll(lost, i -> clean[i] - changed[i]);
    return new RobustnessTable.Row(
        pair.variant(),
        pair.task(),
        metric,
        pair.change(),
        mean(clean),
        mean(changed),
        mean(lost),
        Bootstrap.COARSE.ofMean(lost),
        agreement(metric, List.of(pair.clean(), pair.changed())),
        clean.length);
  }

  /** A row for each variant, task and metric, a column for each wording. */
  FootnotedTable wordings() {
    Map<String, List<Pair>> byTask = new LinkedHashMap<>();
    for (Pair pair : pairs()) {
      if (pair.worded()) {
        byTask
            .computeIfAbsent(pair.variant() + "\n" + pair.task(), k -> new ArrayList<>())
            .add(pair);
      }
    }
    if (byTask.isEmpty()) {
      throw new IllegalArgumentException(
          "no task of this report is worded otherwise; measure wordings(task(\"questions\"))");
    }
    List<WordingTable.Row> rows = new ArrayList<>();
    for (List<Pair> pairs : byTask.values()) {
      Pair first = pairs.get(0);
      for (Measure measure : first.clean().measures()) {
        String metric = measure.metric();
        if (values(first.clean(), metric).length > 0) {
          rows.add(row(pairs, metric));
        }
      }
    }
    return WordingTable.of(
        "Scores by wording of " + report.subject(),
        rows,
        "spread: highest - lowest score; agreement: share of the documents with one answer under"
            + " all wordings, right or wrong.\n"
            + report.standsOn());
  }

  private static WordingTable.Row row(List<Pair> pairs, String metric) {
    Pair first = pairs.get(0);
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put("as it is", mean(values(first.clean(), metric)));
    List<TaskResult> results = new ArrayList<>(List.of(first.clean()));
    for (Pair pair : pairs) {
      scores.put(pair.change(), mean(values(pair.changed(), metric)));
      results.add(pair.changed());
    }
    return new WordingTable.Row(
        first.variant(),
        first.task(),
        metric,
        scores,
        agreement(metric, results),
        first.clean().outcomes().size());
  }

  private List<Pair> pairs() {
    List<Pair> pairs = new ArrayList<>();
    for (Report.Entry entry : report.entries()) {
      String of = entry.result().settings().get(RewordedTask.OF);
      if (of != null) {
        pairs.add(pair(entry, of));
      }
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "no task of this report has changed prompts; measure a task and the same by"
              + " typos(task(\"questions\"), 0.1, 7) or wordings(task(\"questions\"))");
    }
    return pairs;
  }

  private Pair pair(Report.Entry entry, String of) {
    TaskResult clean =
        report.entries().stream()
            .filter(e -> e.variant() == entry.variant() && e.result().task().equals(of))
            .map(Report.Entry::result)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "'"
                            + entry.result().task()
                            + "' has nothing to be compared with: measure '"
                            + of
                            + "' of '"
                            + report.label(entry.variant())
                            + "' in the same report"));
    List<String> asked = clean.outcomes().stream().map(Outcome::document).toList();
    List<String> changed = entry.result().outcomes().stream().map(Outcome::document).toList();
    if (!asked.equals(changed)) {
      throw new IllegalArgumentException(
          "'"
              + entry.result().task()
              + "' and '"
              + of
              + "' have answers to other documents, "
              + changed.size()
              + " and "
              + asked.size()
              + ": take the same rows and let both come to their end");
    }
    return new Pair(report.label(entry.variant()), clean, entry.result());
  }

  /** A metric's value in every document; none where it is no value of documents. */
  private static double[] values(TaskResult result, String metric) {
    boolean all = result.outcomes().stream().allMatch(o -> o.values().containsKey(metric));
    return all
        ? result.outcomes().stream().mapToDouble(o -> o.value(metric)).toArray()
        : new double[0];
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** The share of the documents that have one answer in all results. */
  private static double agreement(String metric, List<TaskResult> results) {
    List<List<Verdict>> all = new ArrayList<>();
    for (TaskResult result : results) {
      Optional<List<Verdict>> verdicts = Calibrations.verdicts(result, metric);
      if (verdicts.isEmpty()) {
        return Double.NaN;
      }
      all.add(verdicts.get());
    }
    return IntStream.range(0, all.get(0).size())
        .mapToDouble(i -> all.stream().map(v -> v.get(i).answer()).distinct().count() == 1 ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }
}
