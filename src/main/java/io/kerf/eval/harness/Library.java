package io.kerf.eval.harness;

import io.kerf.eval.harness.TaskDefinition.Dataset;
import io.kerf.eval.harness.TaskDefinition.OwnKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The tasks that the project brings, each a file of {@code resources/io/kerf/eval/harness}. */
final class Library {
  /** The files, in the order in which tasks are listed. */
  static final List<String> FILES =
      List.of(
          "piqa.yaml",
          "arc_easy.yaml",
          "arc_challenge.yaml",
          "openbookqa.yaml",
          "boolq.yaml",
          "hellaswag.yaml",
          "winogrande.yaml",
          "lambada_openai.yaml",
          "lambada_standard.yaml",
          "sciq.yaml",
          "copa.yaml",
          "commonsense_qa.yaml",
          "race.yaml",
          "truthfulqa_mc1.yaml",
          "truthfulqa_mc2.yaml",
          "wikitext.yaml",
          "questions.yaml",
          "mmlu.yaml",
          "mmlu_stem.yaml",
          "mmlu_humanities.yaml",
          "mmlu_social_sciences.yaml",
          "mmlu_other.yaml",
          "mmlu_subjects.yaml");

  private static final class Read {
    static final TaskIndex INDEX =
        new TaskIndex(FILES.stream().map(TaskFile::ofProject).toList(), null);
  }

  private Library() {}

  static TaskIndex index() {
    return Read.INDEX;
  }

  /** The tasks by name, and the groups; a group's own tasks are known too, but not listed. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    index()
        .tasks()
        .forEach(
            (name, file) -> {
              if (!isMember(file)) {
                names.add(name);
              }
            });
    names.addAll(index().groups().keySet());
    return names;
  }

  private static boolean isMember(TaskFile file) {
    return file.names("tag").stream().anyMatch(tag -> tag.endsWith("_tasks"));
  }

  /** The files in which a data home may have the rows of a data set of the hub. */
  static OwnKeys filesOf(Dataset wanted) {
    for (TaskFile file : index().tasks().values()) {
      Map<String, Object> keys = file.keys();
      if (Objects.equals(keys.get("dataset_path"), wanted.path())
          && Objects.equals(keys.get("dataset_name"), wanted.name())
          && keys.get("kerf") != null) {
        return TaskReader.read(file).own();
      }
    }
    return OwnKeys.NONE;
  }
}
