package io.kerf.eval;

import io.kerf.model.Lineage;
import io.kerf.rows.DataFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a task says of a model, with everything the numbers stand on.
 *
 * @param task its name
 * @param version of its rules
 * @param lineage the model's: where it came from and what was done to it
 * @param weightFormat how the session held the weights
 * @param data the files
 * @param settings what else the scores depend on
 * @param measures over the complete documents, the headline first
 * @param groups the same measures by grouping and group: "relation", "P19"
 * @param documents how many were asked
 * @param outcomes of those that were answered, in the data's order
 * @param dropped documents that the task's rules leave out
 * @param work what was computed
 */
public record TaskResult(
    String task,
    String version,
    Lineage lineage,
    String weightFormat,
    List<DataFile> data,
    Map<String, String> settings,
    List<Measure> measures,
    Map<String, Map<String, List<Measure>>> groups,
    int documents,
    List<Outcome> outcomes,
    List<Documents.Dropped> dropped,
    Work work) {
  public TaskResult {
    data = List.copyOf(data);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    measures = List.copyOf(measures);
    groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    outcomes = List.copyOf(outcomes);
    dropped = List.copyOf(dropped);
  }

  /** The model's label, as its lineage gives it. */
  public String model() {
    return lineage.label();
  }

  /** Whether every document was answered; an interrupt leaves a result of those that were. */
  public boolean complete() {
    return outcomes.size() == documents;
  }

  /** The measure that stands for the task. */
  public Measure headline() {
    return measures.get(0);
  }

  /**
   * The measure of that metric.
   *
   * @throws IllegalArgumentException if the task has none of that name
   */
  public Measure measure(String metric) {
    List<String> known = new ArrayList<>();
    for (Measure measure : measures) {
      if (measure.metric().equals(metric)) {
        return measure;
      }
      known.add(measure.metric());
    }
    throw io.kerf.name.Names.unknown("metric of " + task, metric, known);
  }

  /** "305 of 305 documents of Squad/test.jsonl": what the numbers stand on, in a line. */
  public String standsOn() {
    List<String> files = data.stream().map(f -> f.path().getFileName().toString()).toList();
    String named =
        files.size() <= 3
            ? String.join(", ", files)
            : files.get(0) + " ... " + files.size() + " files";
    return outcomes.size() + " of " + documents + " documents of " + named;
  }
}
