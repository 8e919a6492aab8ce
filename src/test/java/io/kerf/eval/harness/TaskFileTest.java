package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.DataHome;
import io.kerf.eval.Document;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskFileTest {
  private static final String WHOLE =
      """
      task: mine
      dataset_path: json
      dataset_kwargs: {data_files: {test: rows.jsonl, examples: rows.jsonl}}
      test_split: test
      output_type: multiple_choice
      doc_to_text: "{{q}}?"
      doc_to_choice: [no, "yes"]
      doc_to_target: gold
      """;

  @TempDir Path temp;

  @BeforeEach
  void rows() throws IOException {
    Files.writeString(
        temp.resolve("rows.jsonl"),
        """
        {"q": "a", "gold": 0, "text": "t"}
        {"q": "b", "gold": 1}
        {"q": "c", "gold": 0}
        """);
  }

  private HarnessTasks task(String yaml) throws IOException {
    Path file = Files.writeString(temp.resolve("mine.yaml"), yaml);
    return Harness.in(DataHome.of(temp)).tasks(file, Sampling.all());
  }

  private String refused(String yaml) {
    var error = assertThrows(IllegalArgumentException.class, () -> task(yaml));
    return error.getMessage().replace(temp.toString() + "/", "");
  }

  private static List<String> contexts(HarnessTasks tasks) {
    return tasks.get(0).documents(null).kept().stream()
        .map(document -> ((LogLikelihood) document.requests().get(0)).context())
        .toList();
  }

  @Test
  void yamlIsReadAsPythonReadsIt() throws IOException {
    // YAML 1.1: a bare no is false, and false is no choice.
    assertEquals(
        "task mine, rows.jsonl:1, doc_to_choice: a choice must be a string, was the bool False",
        refused(WHOLE));
    Document first = task(WHOLE.replace("[no,", "[\"no\",")).get(0).documents(null).kept().get(0);
    assertEquals(
        List.of(new LogLikelihood("a?", " no"), new LogLikelihood("a?", " yes")), first.requests());
  }

  private static final String FINE = WHOLE.replace("[no,", "[\"no\",");

  @Test
  void theIncludersKeysWin() throws IOException {
    Files.writeString(temp.resolve("base.yaml"), FINE);
    HarnessTasks tasks = task("include: base.yaml\ntask: other\ndoc_to_text: 'so {{q}}'\n");
    assertEquals("other", tasks.get(0).name());
    assertEquals(List.of("so a", "so b", "so c"), contexts(tasks));
  }

  @Test
  void aFileThatIncludesItselfIsNamed() throws IOException {
    String message = refused("include: mine.yaml\n");
    assertTrue(message.startsWith("mine.yaml includes itself"), message);
  }

  @Test
  void examplesComeFromTheSplitThatIsNamedOrTheUsualOne() throws IOException {
    HarnessTasks first =
        task(FINE + "fewshot_split: examples\nfewshot_config: {sampler: first_n}\n").shots(2);
    assertEquals("a? no\n\nb? yes\n\nc?", contexts(first).get(2));
    assertEquals("2", first.get(0).settings().get("num_fewshot"));
    assertEquals("first_n", first.get(0).settings().get("sampler"));
    assertEquals("examples", first.get(0).settings().get("fewshot_split"));
    // No training or validation split: the asked rows, and since fewshot_split is not test_split,
    // the
    // harness does not leave a document out of its own examples.
    assertEquals("test", task(FINE).shots(1).get(0).settings().get("fewshot_split"));
    HarnessTasks others = task(FINE + "fewshot_split: test\n").shots(2);
    assertTrue(
        contexts(others).get(0).matches("(?s)(b|c).*(b|c).*a\\?"), contexts(others)::toString);
    assertEquals("drawn by seed 7", others.seed(7).get(0).settings().get("sampler"));
  }

  @Test
  void examplesMayStandInTheFile() throws IOException {
    HarnessTasks tasks =
        task(FINE + "fewshot_config: {samples: [{q: x, gold: 1}], doc_to_text: '{{q}}!'}\n");
    assertEquals("x! yes\n\na?", contexts(tasks.shots(1)).get(0));
    assertEquals("a?", contexts(tasks).get(0));
  }

  @Test
  void tooManyExamplesAreRefused() throws IOException {
    HarnessTasks tasks = task(FINE + "fewshot_split: test\n");
    assertEquals(
        "task mine: 3 examples before each question need 4 rows to take them from, there are 3",
        assertThrows(IllegalArgumentException.class, () -> tasks.shots(3)).getMessage());
    assertEquals(
        "shots must be at least 0, was -1",
        assertThrows(IllegalArgumentException.class, () -> tasks.shots(-1)).getMessage());
    HarnessTasks none = task(FINE + "num_fewshot: 0\n");
    assertEquals(
        "task mine is asked without examples (num_fewshot: 0), was 1",
        assertThrows(IllegalArgumentException.class, () -> none.shots(1)).getMessage());
    HarnessTasks page =
        task(
            FINE.replace("multiple_choice", "loglikelihood_rolling")
                .replace("doc_to_target: gold", "doc_to_target: q"));
    assertEquals(
        "task mine scores whole texts, before which no examples stand",
        assertThrows(IllegalArgumentException.class, () -> page.shots(1)).getMessage());
  }

  @Test
  void metricsAreThoseOfTheFileOrTheUsualOnes() throws IOException {
    assertEquals(
        List.of("acc", "acc_norm"),
        task(FINE).get(0).metrics().stream().map(m -> m.name()).toList());
    HarnessTask turned =
        task(FINE + "metric_list: [{metric: acc_bytes, higher_is_better: false}]\n").get(0);
    assertEquals("acc_bytes", turned.metrics().get(0).name());
    assertEquals(false, turned.metrics().get(0).higherIsBetter());
  }

  @Test
  void pythonIsNeverRun() {
    assertEquals(
        "mine.yaml: process_docs is the Python function utils.process_docs, and Python is never run"
            + " here; say it in a template (regex_replace, for and set are there)",
        refused(FINE + "process_docs: !function utils.process_docs\n"));
    assertEquals(
        "mine.yaml: fewshot_config.samples is the Python function u.f, and Python is never run here;"
            + " say it in a template (regex_replace, for and set are there), or take the task that"
            + " Kerf has: \"hellaswag\"",
        refused(
            FINE.replace("task: mine", "task: hellaswag")
                + "fewshot_config: {samples: !function u.f}\n"));
  }

  @Test
  void noTagMakesAnObject() {
    String message = refused("task: !!javax.script.ScriptEngineManager [x]\n");
    assertTrue(message.startsWith("mine.yaml is not the YAML of a task: "), message);
    assertTrue(refused("- a\n").endsWith("must be a mapping of keys to values"));
  }

  @Test
  void aliasesAreBounded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append("*a").append(i - 1).append(", *a").append(i - 1).append("]\n");
    }
    String message = refused(bomb.toString());
    assertTrue(message.contains("aliases"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "doc_to_txt: x | Unknown key 'doc_to_txt'. Did you mean: doc_to_text?",
        "process_results: x | process_results is not done here, was x",
        "repeats: 3 | repeats must be 1: every request is made once, was 3",
        "unsafe_code: true | unsafe_code must be false: no code is run, was true",
        "filter_list: [{name: a, filter: [{function: regex}]}] | filter_list answers are not filtered",
        "output_type: generate_until | output_type generate_until asks for generated text",
        "output_type: multiple_choise | Unknown output_type 'multiple_choise'. Did you mean: multiple_choice?",
        "metric_list: [{metric: ac}] | Unknown metric of multiple_choice 'ac'. Did you mean: acc?",
        "metric_list: [{metric: acc, aggregation: median}] | metric acc is aggregated by mean, was median",
        "metric_list: [{metric: acc, hf_evaluate: true}] | hf_evaluate is Python's",
        "metric_list: [{metric: acc, agg: mean}] | metric_list: Unknown key 'agg'",
        "metric_list: [{}] | metric_list: metric is missing",
        "metric_list: acc | metric_list must be a list of metrics, was acc",
        "fewshot_config: {sampler: balanced} | Unknown sampler 'balanced'. Known: default, first_n",
        "fewshot_config: {fewshot_indices: [1]} | fewshot_config: Unknown key 'fewshot_indices'",
        "fewshot_config: {samples: 3} | samples must be a list of rows, was 3",
        "fewshot_config: 3 | fewshot_config must be a mapping, was 3",
        "dataset_kwargs: {data_dir: x} | dataset_kwargs: Unknown key 'data_dir'",
        "dataset_kwargs: {data_files: {train: rows.jsonl}} | data_files names no file for the split 'test'",
        "num_fewshot: -1 | num_fewshot must be a whole number of at least 0, was -1",
        "description: 3 | description must be a string, was 3",
        "doc_to_choice: null | multiple_choice needs doc_to_choice: a list, a column or a template",
        "doc_to_target: null | doc_to_target is missing",
        "test_split: null | no rows to ask: name a test_split or a validation_split",
        "task: null | names no task",
        "doc_to_text: '{{nope}}' | task mine, rows.jsonl:1, doc_to_text: template '{{nope}}': 'nope' is undefined",
        "doc_to_text: '{{q' | doc_to_text: template '{{q': ",
        "doc_to_text: [a] | doc_to_text: must be a column, a template or a whole number, was [a]",
        "doc_to_choice: '{{q}}' | doc_to_choice: 'a' is no Python literal: expected a value at character 0",
        "doc_to_choice: q | doc_to_choice: must give a list of choices, was the str 'a'",
        "doc_to_target: 7 | doc_to_target: the right choice must be one of ['no', 'yes'] or in [0, 2), was 7",
        "kerf: {labels: '[1]'} | labels: must be a list of 2 labels, was the list [1]",
        "kerf: {what: 1} | kerf: Unknown key 'what'",
      })
  void saysWhatIsWrongAndWhere(String line, String expected) {
    String key = line.substring(0, line.indexOf(':'));
    String yaml = FINE.replaceFirst("(?m)^" + key + ":.*\n", "") + line + "\n";
    String message = refused(yaml);
    assertTrue(message.contains(expected), message);
    assertTrue(message.startsWith("mine.yaml") || message.startsWith("task mine"), message);
  }

  @Test
  void missingFilesAreLookedForBesideTheTask() {
    String message = refused(FINE.replace("rows.jsonl", "none.jsonl"));
    assertTrue(message.startsWith("task mine: cannot find none.jsonl: looked in"), message);
  }

  @Test
  void severalChoicesMayBeRight() throws IOException {
    Document question =
        task(FINE.replace("doc_to_target: gold", "doc_to_target: '[0, 1]'"))
            .get(0)
            .documents(null)
            .kept()
            .get(0);
    assertEquals(java.util.Set.of(0, 1), ((TruthsQuestion) question).right());
    assertTrue(
        refused(
                FINE.replace("doc_to_target: gold", "doc_to_target: '[0, 1]'")
                    + "metric_list: [{metric: acc_mutual_info}]\n")
            .contains("acc_mutual_info is not known where several choices are right"));
  }

  @Test
  void aGroupsTasksLieBesideIt() throws IOException {
    Files.writeString(temp.resolve("one.yaml"), FINE.replace("task: mine", "task: one\ntag: both"));
    Files.writeString(temp.resolve("two.yaml"), FINE.replace("task: mine", "task: two\ntag: both"));
    String group = "group: mine\naggregate_metric_list: [{metric: acc, weight_by_size: false}]\n";
    HarnessTasks tasks = task(group + "task: [both, {task: one, doc_to_text: '{{q}}'}]\n");
    assertEquals(List.of("one", "two", "one"), tasks.stream().map(task -> task.name()).toList());
    assertEquals(
        "a",
        ((LogLikelihood) tasks.get(2).documents(null).kept().get(0).requests().get(0)).context());
    assertEquals(
        List.of(new TaskGroup.Aggregate("acc", false)), tasks.groups().get(0).aggregates());
    String message = refused(group + "task: [bot]\n");
    assertTrue(message.contains("Unknown task 'bot'. Did you mean: both?"), message);
  }
}
