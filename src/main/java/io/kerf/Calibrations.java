package io.kerf;

import io.kerf.eval.Calibration;
import io.kerf.eval.Calibration.Binning;
import io.kerf.eval.Measure;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Verdict;
import io.kerf.name.Names;
import io.kerf.report.CalibrationRow;
import io.kerf.report.CalibrationTable;
import io.kerf.report.FootnotedTable;
import io.kerf.report.ReliabilityChart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.knowm.xchart.XYChart;

/**
 * How sure the variants of a report are, against how often they are right.
 *
 * @param binning how answers are put into bins, and into how many
 */
record Calibrations(Report report, Binning binning, int bins) {
  FootnotedTable table() {
    List<CalibrationRow> rows = new ArrayList<>();
    for (Report.Entry entry : report.entries()) {
      rows.addAll(rows(entry));
    }
    if (rows.isEmpty()) {
      throw noVerdicts("no task of this report has");
    }
    return CalibrationTable.of(
        "How sure, how right: " + report.subject(), rows, footnote() + "\n" + report.standsOn());
  }

  /** By a task's headline, or the first metric that has verdicts. */
  XYChart chart(String task) {
    List<CalibrationRow> rows = new ArrayList<>();
    for (Report.Entry entry : report.entriesOf(task)) {
      rows(entry).stream().findFirst().ifPresent(rows::add);
    }
    if (rows.isEmpty()) {
      throw noVerdicts("task " + task + " has no");
    }
    return chart(task, rows);
  }

  XYChart chart(String task, String metric) {
    List<CalibrationRow> rows = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (Report.Entry entry : report.entriesOf(task)) {
      for (CalibrationRow row : rows(entry)) {
        known.add(row.metric());
        if (row.metric().equals(metric)) {
          rows.add(row);
        }
      }
    }
    if (rows.isEmpty()) {
      throw Names.unknown(
          "metric of " + task + " with verdicts", metric, known.stream().distinct().toList());
    }
    return chart(task, rows);
  }

  private XYChart chart(String task, List<CalibrationRow> rows) {
    return ReliabilityChart.of(
        report.subject() + " on " + task + ", " + rows.get(0).metric(), rows);
  }

  private static IllegalArgumentException noVerdicts(String what) {
    return new IllegalArgumentException(
        what
            + " answers with probabilities to calibrate by; multiple choice and LAMA have them,"
            + " for instance task(\"questions\")");
  }

  private List<CalibrationRow> rows(Report.Entry entry) {
    TaskResult result = entry.result();
    List<CalibrationRow> rows = new ArrayList<>();
    for (Measure measure : result.measures()) {
      verdicts(result, measure.metric())
          .ifPresent(
              verdicts ->
                  rows.add(
                      new CalibrationRow(
                          report.label(entry.variant()),
                          result.task(),
                          measure.metric(),
                          Calibration.of(verdicts, binning, bins))));
    }
    return rows;
  }

  /** Every outcome's verdict by that metric; nothing where one has none. */
  static Optional<List<Verdict>> verdicts(TaskResult result, String metric) {
    List<Verdict> verdicts = new ArrayList<>();
    for (var outcome : result.outcomes()) {
      Verdict verdict = outcome.verdicts().get(metric);
      if (verdict != null) {
        verdicts.add(verdict);
      }
    }
    boolean all = !verdicts.isEmpty() && verdicts.size() == result.outcomes().size();
    return all ? Optional.of(verdicts) : Optional.empty();
  }

  private String footnote() {
    String kind = binning == Binning.EQUAL_WIDTH ? "equal width" : "equal size";
    return "confidence: mean probability of what a variant chose, a softmax over the choices'"
        + " scores as the metric takes them; of a LAMA fact, that of its first choice in the whole"
        + " vocabulary. too sure by: confidence - right. ECE: expected calibration error over "
        + bins
        + " bins of "
        + kind
        + ", 95 % by bootstrap over documents (it leans upwards). Brier: mean (probability - right)"
        + " squared, of the chosen answer.";
  }
}
