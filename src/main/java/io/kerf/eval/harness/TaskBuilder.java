package io.kerf.eval.harness;

import io.kerf.eval.Document;
import io.kerf.eval.Sampling;
import io.kerf.rows.DataFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Makes tasks of definitions and their rows. */
record TaskBuilder(TaskData data, Sampling sampling) {
  TaskBuilder on(Sampling rows) {
    return new TaskBuilder(data, rows);
  }

  /**
   * @param wanted examples before each question, null for as many as the file says
   */
  HarnessTask build(TaskDefinition task, Integer wanted, long seed) {
    int count = count(task, wanted);
    String split = data.asked(task);
    TaskData.Split asked = data.rows(task, split);
    if (asked.rows().isEmpty()) {
      throw new IllegalArgumentException(
          "task " + task.name() + ": split " + split + " has no rows");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("rows", sampling.label());
    settings.put("split", split);
    settings.put("num_fewshot", String.valueOf(count));
    List<DataFile> files = new ArrayList<>(asked.files());
    Shots shots = shots(task, count, split, seed, settings, files);
    RowAsker asker = new RowAsker(task, asked.columns(), asked.rows().get(0), shots);
    List<Document> documents =
        sampling.of(IntStream.range(0, asked.rows().size()).boxed().toList()).stream()
            .map(i -> asker.document(String.valueOf(i), asked.rows().get(i)))
            .toList();
    return new HarnessTask(
        task.name(),
        task.version(),
        files.stream().distinct().toList(),
        settings,
        task.metrics(),
        model -> documents);
  }

  private static int count(TaskDefinition task, Integer wanted) {
    Integer fixed = task.fixedShots();
    if (wanted == null) {
      return fixed == null ? 0 : fixed;
    } else if (wanted > 0 && Objects.equals(fixed, 0)) {
      throw new IllegalArgumentException(
          "task " + task.name() + " is asked without examples (num_fewshot: 0), was " + wanted);
    } else if (wanted > 0 && task.type() == OutputType.LOGLIKELIHOOD_ROLLING) {
      throw new IllegalArgumentException(
          "task " + task.name() + " scores whole texts, before which no examples stand");
    }
    return wanted;
  }

  private Shots shots(
      TaskDefinition task,
      int count,
      String split,
      long seed,
      Map<String, String> settings,
      List<DataFile> files) {
    TaskDefinition.FewShot config = task.fewshot();
    // The harness compares with test_split even where that is not what is asked.
    String test = Objects.equals(split, task.evaluated()) ? task.dataset().test() : null;
    boolean withoutOwn = Objects.equals(config.split(), test);
    List<Row> pool = List.of();
    if (count > 0) {
      if (config.split() == null && config.samples() != null) {
        pool =
            IntStream.range(0, config.samples().size())
                .mapToObj(i -> new Row(config.samples().get(i), task.origin() + ": samples " + i))
                .toList();
      } else {
        String from = source(task, split);
        TaskData.Split examples = data.rows(task, from);
        pool = examples.rows();
        files.addAll(examples.files());
        settings.put("fewshot_split", from);
      }
      settings.put("sampler", config.first() ? "first_n" : "drawn by seed " + seed);
    }
    return new Shots(task.name(), pool, count, config.first(), withoutOwn, seed);
  }

  /** The split that the file names; else training, else validation, else the one that is asked. */
  private static String source(TaskDefinition task, String asked) {
    if (task.fewshot().split() != null) {
      return task.fewshot().split();
    } else if (task.dataset().training() != null) {
      return task.dataset().training();
    }
    return task.dataset().validation() != null ? task.dataset().validation() : asked;
  }
}
