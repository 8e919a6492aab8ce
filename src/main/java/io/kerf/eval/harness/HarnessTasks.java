package io.kerf.eval.harness;

import io.kerf.eval.Measure;
import io.kerf.eval.Sampling;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One task or the tasks of a group, with as many examples before each question as are asked for.
 *
 * <pre>{@code
 * evaluate(dense, pruned).on(task("hellaswag", 300).shots(5), task("mmlu_stem"))
 * }</pre>
 */
public final class HarnessTasks extends AbstractList<Task> {
  /** What the harness draws examples by. */
  public static final long SEED = 1234;

  private final TaskBuilder builder;
  private final List<TaskDefinition> definitions;
  private final List<TaskGroup> groups;
  private final Integer shots; // null: as the file says
  private final long seed;
  private final List<HarnessTask> tasks;

  HarnessTasks(
      TaskBuilder builder,
      List<TaskDefinition> definitions,
      List<TaskGroup> groups,
      Integer shots,
      long seed) {
    this.builder = builder;
    this.definitions = definitions;
    this.groups = List.copyOf(groups);
    this.shots = shots;
    this.seed = seed;
    this.tasks = definitions.stream().map(task -> builder.build(task, shots, seed)).toList();
  }

  /** The same with so many examples before each question. */
  public HarnessTasks shots(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("shots must be at least 0, was " + count);
    }
    return new HarnessTasks(builder, definitions, groups, count, seed);
  }

  /** The same with examples drawn by another seed than the harness's {@value #SEED}. */
  public HarnessTasks seed(long drawnBy) {
    return new HarnessTasks(builder, definitions, groups, shots, drawnBy);
  }

  /** The same on some of the rows. */
  public HarnessTasks rows(Sampling sampling) {
    return new HarnessTasks(builder.on(sampling), definitions, groups, shots, seed);
  }

  /** The groups that the tasks make up, the outermost first; empty for a task of its own. */
  public List<TaskGroup> groups() {
    return groups;
  }

  /** Every group's scores from the results of one model. */
  public Map<String, List<Measure>> scores(List<TaskResult> results) {
    Map<String, List<Measure>> scores = new LinkedHashMap<>();
    groups.forEach(group -> scores.put(group.name(), group.measures(results)));
    return scores;
  }

  @Override
  public HarnessTask get(int index) {
    return tasks.get(index);
  }

  @Override
  public int size() {
    return tasks.size();
  }
}
