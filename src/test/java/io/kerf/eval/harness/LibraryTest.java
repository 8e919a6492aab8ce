package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Measure;
import io.kerf.eval.TaskResult;
import io.kerf.eval.Work;
import io.kerf.model.Lineage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LibraryTest {
  @Test
  void everyFileIsListed() throws IOException {
    try (var files = Files.list(Path.of("src/main/resources" + TaskFile.RESOURCES))) {
      assertEquals(
          new TreeSet<>(files.map(f -> f.getFileName().toString()).toList()),
          new TreeSet<>(Library.FILES));
    }
  }

  @Test
  void everyTaskIsUnderstood() {
    assertEquals(74, Library.index().tasks().size());
    Library.index().tasks().values().forEach(TaskReader::read);
  }

  @Test
  void mmluHasItsSubjectsInFourGroups() {
    var mmlu = Library.index().find("mmlu", List.of());
    assertEquals(57, mmlu.tasks().size());
    assertEquals(
        List.of("mmlu", "mmlu_stem", "mmlu_other", "mmlu_social_sciences", "mmlu_humanities"),
        mmlu.groups().stream().map(TaskGroup::name).toList());
    assertEquals(
        List.of(57, 19, 13, 12, 13), mmlu.groups().stream().map(g -> g.tasks().size()).toList());
  }

  @Test
  void aSubjectIsNotListedButMayBeMeant() {
    assertTrue(Library.names().contains("mmlu"));
    assertTrue(!Library.names().contains("mmlu_anatomy"));
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Harness.in(io.kerf.eval.DataHome.of()).task("mmlu_anatomi"));
    assertTrue(error.getMessage().contains("Did you mean: mmlu_anatomy?"), error::getMessage);
  }

  private static TaskResult result(String task, double acc, double error, int documents) {
    return new TaskResult(
        task,
        "1",
        new Lineage("m", "o", "", List.of()),
        "float32",
        List.of(),
        Map.of(),
        List.of(new Measure("acc", acc, error, documents, true)),
        Map.of(),
        documents,
        List.of(),
        List.of(),
        new Work(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void aGroupWeighsByDocumentsOrByTasks() {
    List<TaskResult> results = List.of(result("a", 0.5, 0.1, 10), result("b", 0.8, 0.2, 30));
    var bySize =
        new TaskGroup("g", "1", List.of("a", "b"), List.of(new TaskGroup.Aggregate("acc", true)));
    Measure measure = bySize.measures(results).get(0);
    assertEquals((0.5 * 10 + 0.8 * 30) / 40, measure.value(), 1e-12);
    // Pooled: sqrt((9 * 0.01 * 10 + 29 * 0.04 * 30) / 38 / 40).
    assertEquals(Math.sqrt((0.9 + 34.8) / 38 / 40), measure.standardError(), 1e-12);
    assertEquals(40, measure.samples());
    var byTask =
        new TaskGroup("g", "1", List.of("a", "b"), List.of(new TaskGroup.Aggregate("acc", false)));
    assertEquals(0.65, byTask.measures(results).get(0).value(), 1e-12);
    assertEquals(
        Math.sqrt(0.01 + 0.04) / 2, byTask.measures(results).get(0).standardError(), 1e-12);
    assertEquals(
        "group g needs a result of b, there is none",
        assertThrows(IllegalArgumentException.class, () -> byTask.measures(results.subList(0, 1)))
            .getMessage());
  }
}
