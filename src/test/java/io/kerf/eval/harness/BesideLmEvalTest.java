package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.eval.Answer;
import io.kerf.eval.DataHome;
import io.kerf.eval.Document;
import io.kerf.eval.Request;
import io.kerf.eval.Sampling;
import io.kerf.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every request of every named task, string for string, beside lm-evaluation-harness itself: by the
 * project's definitions, and by the harness's own files where they hold no Python.
 */
@Tag("python")
class BesideLmEvalTest {
  private static final String PYTHON = "KERF_PEER_PYTHON";

  @TempDir static Path folder;

  @TestFactory
  List<DynamicTest> asksWhatTheHarnessAsks() throws Exception {
    String python = System.getenv(PYTHON);
    assumeTrue(python != null, PYTHON + " names no Python with lm-eval");
    run(python);
    Map<String, Json> stock = Json.read(folder.resolve("stock.json")).fields();
    Harness harness = Harness.in(DataHome.of(folder));
    List<DynamicTest> tests = new ArrayList<>();
    for (Json line : Json.readLines(folder.resolve("requests.jsonl"))) {
      String task = line.at("task").text();
      String name = task + " " + line.at("shots").integer() + " shots";
      tests.add(dynamicTest(name, () -> check(line, own(harness, task))));
      if (stock.containsKey(task)) {
        Path file = Path.of(stock.get(task).text());
        tests.add(
            dynamicTest(
                name + " of the harness's file",
                () -> check(line, harness.tasks(file, Sampling.all()))));
      }
    }
    return tests;
  }

  private static void run(String python) throws Exception {
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(python, "src/bench/peers/tasks.py", folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("HF_HUB_OFFLINE", "1");
    builder.environment().put("HF_DATASETS_CACHE", folder.resolve("cache").toString());
    assertEquals(0, builder.start().waitFor(), () -> RowFile.text(said));
  }

  /** WikiText lies here as the hub's pages, not as the original text. */
  private static HarnessTasks own(Harness harness, String task) throws IOException {
    if (!task.equals("wikitext")) {
      return harness.tasks(task, Sampling.all());
    }
    try (InputStream in = Library.class.getResourceAsStream(TaskFile.RESOURCES + task + ".yaml")) {
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("pages: true", "pages: false")
              .replace("wikitext2/wiki.test.raw", "harness/wikitext_pages_test.jsonl");
      return harness.tasks(
          Files.writeString(folder.resolve("wikitext.yaml"), text), Sampling.all());
    }
  }

  private void check(Json line, HarnessTasks tasks) {
    int shots = line.at("shots").integer();
    HarnessTask task = (shots == 0 ? tasks : tasks.shots(shots)).get(0);
    List<Document> documents = task.documents(null).kept();
    List<Json> golden = line.at("documents").items();
    assertEquals(golden.size(), documents.size());
    for (int i = 0; i < golden.size(); i++) {
      Document document = documents.get(i);
      List<Json> expected = golden.get(i).at("requests").items();
      List<Request> requests = document.requests();
      assertEquals(expected.size(), requests.size());
      List<Answer> answers = new ArrayList<>();
      for (int r = 0; r < expected.size(); r++) {
        List<String> strings = strings(requests.get(r));
        assertEquals(expected.get(r).texts(), strings);
        long sum = strings.stream().flatMapToInt(String::codePoints).asLongStream().sum();
        answers.add(new Answer.Likelihood(-(sum % 997) / 10.0, 1, sum % 2 == 0, 0));
      }
      Map<String, Double> values = document.outcome(answers).values();
      golden
          .get(i)
          .at("values")
          .fields()
          .forEach((name, value) -> checkValue(name, value.number(), values));
    }
  }

  private static void checkValue(String name, double expected, Map<String, Double> values) {
    String ours = name.equals("perplexity") ? "logLikelihood" : name;
    assertEquals(expected, values.get(ours), 1e-9, name);
  }

  private static List<String> strings(Request request) {
    return request instanceof Request.LogLikelihood pair
        ? List.of(pair.context(), pair.continuation())
        : List.of(((Request.Rolling) request).text());
  }
}
