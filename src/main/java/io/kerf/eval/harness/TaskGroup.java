package io.kerf.eval.harness;

import io.kerf.eval.Measure;
import io.kerf.eval.TaskResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Tasks that have scores together, such as MMLU's 57.
 *
 * @param tasks their names
 * @param aggregates which scores
 */
public record TaskGroup(
    String name, String version, List<String> tasks, List<Aggregate> aggregates) {
  public TaskGroup {
    tasks = List.copyOf(tasks);
    aggregates = List.copyOf(aggregates);
  }

  /**
   * A score over the tasks.
   *
   * @param metric of each task
   * @param weightBySize whether every document counts the same, or every task
   */
  public record Aggregate(String metric, boolean weightBySize) {}

  /**
   * The group's scores from the results of one model on its tasks.
   *
   * @throws IllegalArgumentException if a task's result is not among them
   */
  public List<Measure> measures(List<TaskResult> results) {
    List<TaskResult> members = new ArrayList<>();
    for (String task : tasks) {
      members.add(
          results.stream()
              .filter(result -> result.task().equals(task))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "group " + name + " needs a result of " + task + ", there is none")));
    }
    return aggregates.stream().map(aggregate -> measure(aggregate, members)).toList();
  }

  private static Measure measure(Aggregate aggregate, List<TaskResult> members) {
    List<Measure> parts = members.stream().map(m -> m.measure(aggregate.metric)).toList();
    int documents = parts.stream().mapToInt(Measure::samples).sum();
    double value = 0;
    double variance = 0;
    for (Measure part : parts) {
      double n = part.samples();
      double error = part.standardError();
      if (aggregate.weightBySize) {
        value += part.value() * n / documents;
        variance += (n - 1) * n * error * error / (documents - parts.size()) / documents; // pooled
      } else {
        value += part.value() / parts.size();
        variance += error * error / parts.size() / parts.size();
      }
    }
    return new Measure(
        aggregate.metric, value, Math.sqrt(variance), documents, parts.get(0).higherIsBetter());
  }
}
