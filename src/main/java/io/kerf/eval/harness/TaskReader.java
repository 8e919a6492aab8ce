package io.kerf.eval.harness;

import io.kerf.eval.Metric;
import io.kerf.eval.harness.TaskDefinition.Dataset;
import io.kerf.eval.harness.TaskDefinition.FewShot;
import io.kerf.eval.harness.TaskDefinition.Fields;
import io.kerf.eval.harness.TaskDefinition.OwnKeys;
import io.kerf.name.Names;
import io.kerf.template.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads what a task file says; a key that is not understood is an error, since it may be a score.
 */
final class TaskReader {
  /** Keys that change no request and no score of a task that is understood at all. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "tag",
          "group",
          "task_alias",
          "task_list",
          "should_decontaminate",
          "doc_to_decontamination_query",
          "generation_kwargs");

  private static final Set<String> UNDERSTOOD =
      Set.of(
          "task",
          "dataset_path",
          "dataset_name",
          "dataset_kwargs",
          "training_split",
          "validation_split",
          "test_split",
          "fewshot_split",
          "fewshot_config",
          "num_fewshot",
          "output_type",
          "doc_to_text",
          "doc_to_target",
          "doc_to_choice",
          "description",
          "target_delimiter",
          "fewshot_delimiter",
          "gen_prefix",
          "metric_list",
          "metadata",
          "repeats",
          "filter_list",
          "unsafe_code",
          "kerf");

  /** Keys of the harness that ask for what is not done here. */
  private static final Set<String> REFUSED =
      Set.of(
          "process_docs",
          "process_results",
          "custom_dataset",
          "class",
          "use_prompt",
          "doc_to_image",
          "doc_to_audio");

  private final TaskFile file;
  private final Keys keys;

  private TaskReader(TaskFile file) {
    this.file = file;
    this.keys = new Keys(file.origin(), file.keys());
  }

  /**
   * The definition that a file gives.
   *
   * @throws IllegalArgumentException if it asks for what is not done here, naming the key
   */
  static TaskDefinition read(TaskFile file) {
    TaskReader reader = new TaskReader(file);
    reader.checkKeys();
    return reader.definition();
  }

  private void checkKeys() {
    TreeSet<String> known = new TreeSet<>(UNDERSTOOD);
    known.addAll(WITHOUT_EFFECT);
    file.keys()
        .forEach(
            (key, value) -> {
              if (value == null || WITHOUT_EFFECT.contains(key)) {
                return;
              }
              refuseFunctions(key, value);
              if (REFUSED.contains(key)) {
                throw keys.wrong(key, "is not done here", value);
              } else if (!UNDERSTOOD.contains(key)) {
                throw new IllegalArgumentException(
                    file.origin() + ": " + Names.unknown("key", key, known).getMessage());
              }
            });
    refuse("repeats", 1, "every request is made once");
    refuse("unsafe_code", false, "no code is run");
    if (file.keys().get("filter_list") != null && !onlyTakesFirst()) {
      throw keys.wrong("filter_list", "answers are not filtered here", keys.get("filter_list"));
    }
  }

  private void refuse(String key, Object allowed, String why) {
    Object value = keys.get(key);
    if (value != null && !value.equals(allowed)) {
      throw keys.wrong(key, "must be " + allowed + ": " + why, value);
    }
  }

  private boolean onlyTakesFirst() {
    return keys.get("filter_list")
        .toString()
        .matches("\\[\\{[^{}]*filter=\\[\\{function=take_first\\}\\][^{}]*\\}\\]");
  }

  /** Python is never run: what it would have said must be said in a template. */
  private void refuseFunctions(String key, Object value) {
    if (value instanceof TaskFile.PythonFunction function) {
      String name = String.valueOf(file.keys().get("task"));
      throw new IllegalArgumentException(
          file.origin()
              + ": "
              + key
              + " is the Python function "
              + function.name()
              + ", and Python is never run here; say it in a template (regex_replace, for and set"
              + " are there)"
              + (Library.names().contains(name)
                  ? ", or take the task that Kerf has: \"" + name + "\""
                  : ""));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((inner, item) -> refuseFunctions(key + "." + inner, item));
    } else if (value instanceof List<?> list) {
      list.forEach(item -> refuseFunctions(key, item));
    }
  }

  private TaskDefinition definition() {
    String name = keys.text("task");
    if (name == null) {
      throw new IllegalArgumentException(file.origin() + " names no task");
    }
    OutputType type = outputType();
    Object text = keys.get("doc_to_text");
    String delimiter = keys.text("target_delimiter", " ");
    Fields fields =
        new Fields(
            text == null && type == OutputType.LOGLIKELIHOOD_ROLLING
                ? ""
                : keys.field("doc_to_text"),
            keys.field("doc_to_target"),
            keys.get("doc_to_choice"),
            delimiter);
    if (type == OutputType.MULTIPLE_CHOICE && fields.choice() == null) {
      throw new IllegalArgumentException(
          file.origin() + ": multiple_choice needs doc_to_choice: a list, a column or a template");
    }
    Dataset dataset = dataset();
    if (dataset.test() == null && dataset.validation() == null) {
      throw new IllegalArgumentException(
          file.origin() + ": no rows to ask: name a test_split or a validation_split");
    }
    return new TaskDefinition(
        name,
        file.origin(),
        file.folder(),
        version(),
        dataset,
        type,
        fields,
        fewShot(fields),
        keys.text("description", ""),
        keys.text("gen_prefix"),
        keys.integer("num_fewshot"),
        metrics(type),
        own());
  }

  private OutputType outputType() {
    String type = keys.text("output_type", "generate_until");
    if (type.equals("generate_until")) {
      throw new IllegalArgumentException(
          file.origin()
              + ": output_type generate_until asks for generated text, which is not scored here;"
              + " understood are multiple_choice, loglikelihood, loglikelihood_rolling");
    }
    for (OutputType known : OutputType.values()) {
      if (known.name().toLowerCase().equals(type)) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        file.origin()
            + ": "
            + Names.unknown(
                    "output_type",
                    type,
                    List.of("multiple_choice", "loglikelihood", "loglikelihood_rolling"))
                .getMessage());
  }

  /** "Yaml" is what the harness calls a task without one. */
  private String version() {
    Object version =
        keys.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("version") : null;
    return version == null ? "Yaml" : String.valueOf(version);
  }

  private Dataset dataset() {
    Keys with = keys.inner("dataset_kwargs");
    with.only("data_files", "column_names", "header", "revision", "trust_remote_code", "streaming");
    Map<String, List<String>> files = new LinkedHashMap<>();
    Object given = with.get("data_files");
    if (given instanceof Map<?, ?> splits) {
      splits.forEach((split, names) -> files.put(String.valueOf(split), strings(names)));
    } else if (given != null) {
      files.put("train", strings(given));
    }
    return new Dataset(
        keys.text("dataset_path"),
        keys.text("dataset_name"),
        with.text("revision"),
        files,
        strings(with.get("column_names")),
        keys.text("training_split"),
        keys.text("validation_split"),
        keys.text("test_split"));
  }

  private static List<String> strings(Object value) {
    if (value == null) {
      return List.of();
    }
    List<?> list = value instanceof List<?> many ? many : List.of(value);
    return list.stream().map(String::valueOf).toList();
  }

  private FewShot fewShot(Fields fields) {
    Keys config = keys.inner("fewshot_config");
    config.only(
        "sampler",
        "split",
        "samples",
        "doc_to_text",
        "doc_to_target",
        "doc_to_choice",
        "gen_prefix",
        "fewshot_delimiter",
        "target_delimiter");
    String sampler = config.text("sampler", "default");
    if (!Set.of("default", "first_n").contains(sampler)) {
      throw new IllegalArgumentException(
          file.origin()
              + ": fewshot_config: "
              + Names.unknown("sampler", sampler, List.of("default", "first_n")).getMessage());
    }
    return new FewShot(
        config.text("split", keys.text("fewshot_split")),
        samples(config),
        sampler.equals("first_n"),
        new Fields(
            config.or("doc_to_text", fields.text()),
            config.or("doc_to_target", fields.target()),
            config.or("doc_to_choice", fields.choice()),
            config.text("target_delimiter", fields.targetDelimiter())),
        config.text("fewshot_delimiter", keys.text("fewshot_delimiter", "\n\n")),
        config.text("gen_prefix", keys.text("gen_prefix")));
  }

  private static List<Map<?, ?>> samples(Keys config) {
    Object samples = config.get("samples");
    if (samples == null) {
      return null;
    }
    List<Map<?, ?>> rows = new ArrayList<>();
    if (samples instanceof List<?> list) {
      for (Object row : list) {
        if (row instanceof Map<?, ?> map) {
          rows.add((Map<?, ?>) Values.of(map));
        }
      }
    }
    if (!(samples instanceof List<?> list) || rows.size() != list.size()) {
      throw config.wrong("samples", "must be a list of rows", samples);
    }
    return rows;
  }

  private List<Metric> metrics(OutputType type) {
    Object given = keys.get("metric_list");
    List<Metric> metrics = new ArrayList<>();
    if (given == null) {
      type.metrics.forEach(name -> metrics.add(HarnessMetric.of(name, type, null, null)));
      return metrics;
    }
    if (!(given instanceof List<?> list) || list.isEmpty()) {
      throw keys.wrong("metric_list", "must be a list of metrics", given);
    }
    for (Object item : list) {
      Keys metric = new Keys(file.origin() + ": metric_list", item);
      metric.only("metric", "aggregation", "higher_is_better", "hf_evaluate", "weight_by_size");
      if (Boolean.TRUE.equals(metric.get("hf_evaluate"))) {
        throw metric.wrong("hf_evaluate", "is Python's, which is not run here", true);
      }
      try {
        metrics.add(
            HarnessMetric.of(
                metric.required("metric"),
                type,
                metric.text("aggregation"),
                (Boolean) metric.get("higher_is_better")));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file.origin() + ": " + e.getMessage(), e);
      }
    }
    return metrics;
  }

  private OwnKeys own() {
    Keys own = keys.inner("kerf");
    own.only("files", "columns", "pages", "labels", "counted");
    Map<String, String> files = new LinkedHashMap<>();
    own.inner("files").all().forEach((split, name) -> files.put(split, String.valueOf(name)));
    return new OwnKeys(
        files,
        strings(own.get("columns")),
        Boolean.TRUE.equals(own.get("pages")),
        own.text("labels"),
        own.text("counted"));
  }
}
