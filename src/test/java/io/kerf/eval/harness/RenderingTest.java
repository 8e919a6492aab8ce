package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.eval.DataHome;
import io.kerf.eval.Document;
import io.kerf.eval.Request;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.Sampling;
import io.kerf.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts of real rows, against those that the harness and another evaluator made of them. */
@Tag("shared")
class RenderingTest {
  private static final Path SHARED = Path.of(System.getProperty("kerf.shared", "../shared"));

  @TempDir Path temp;

  private final DataHome home = DataHome.of(SHARED.resolve("data"));

  @BeforeEach
  void needsTheData() {
    assumeTrue(Files.isDirectory(SHARED.resolve("data/harness")), SHARED + " is absent");
  }

  private List<Request> requests(String task) {
    return Harness.in(home).task(task).documents(null).kept().stream()
        .map(Document::requests)
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"piqa", "arc_easy"})
  void rendersAsTheHarness(String task) {
    Path file = SHARED.resolve("fixtures/smollm2/" + task + ".json");
    assumeTrue(Files.exists(file), file + " is absent");
    List<Request> golden = new ArrayList<>();
    for (Json sample : Json.read(file).at("samples").items()) {
      for (Json request : sample.at("requests").items()) {
        golden.add(
            new LogLikelihood(request.at("context").text(), request.at("continuation").text()));
      }
    }
    assertEquals(golden, requests(task).subList(0, golden.size()));
  }

  @TestFactory
  Stream<DynamicTest> rendersAsAnotherEvaluator() throws IOException {
    Path folder = SHARED.resolve("data/harness/rendered_requests");
    assumeTrue(Files.isDirectory(folder), folder + " is absent");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".config.json"))
          .sorted()
          .map(f -> dynamicTest(f.getFileName().toString(), () -> checkBeside(f)))
          .toList()
          .stream();
    }
  }

  private void checkBeside(Path config) throws IOException {
    String name = Json.read(config).at("task_name").text();
    Path file = Path.of(config.toString().replace(".config.json", ".requests.jsonl.gz"));
    Map<Integer, List<Json>> byDocument = new TreeMap<>();
    for (Json line : zippedLines(file)) {
      // The same follow once more without their contexts, for another normalisation.
      if (line.at("doc_id").integer() < 1_000_000) {
        byDocument.computeIfAbsent(line.at("doc_id").integer(), d -> new ArrayList<>()).add(line);
      }
    }
    List<Document> documents = asTask(name, byDocument.get(0).get(0)).documents(null).kept();
    List<Json> rows = name.equals("hellaswag") ? rows("hellaswag_val_sample.jsonl") : List.of();
    int compared = 0;
    for (var entry : byDocument.entrySet()) {
      Json first = entry.getValue().get(0);
      // The sample of HellaSwag that is here is another, which shares some rows.
      int place = rows.isEmpty() ? entry.getKey() : place(rows, first);
      if (place >= 0) {
        List<Request> golden = entry.getValue().stream().map(RenderingTest::asked).toList();
        assertEquals(golden, documents.get(place).requests());
        compared++;
      }
    }
    assertTrue(compared > 50, compared + " compared");
  }

  /** The same scene has the same number, but not every number is one scene's alone. */
  private static int place(List<Json> rows, Json line) {
    for (int i = 0; i < rows.size(); i++) {
      Json row = rows.get(i);
      if (row.at("ind").integer() == line.at("native_id").integer()
          && line.at("doc").at("query").text().startsWith(row.at("activity_label").text() + ": ")) {
        return i;
      }
    }
    return -1;
  }

  private static Request asked(Json line) {
    Json request = line.at("request");
    return new LogLikelihood(request.at("context").text(), request.at("continuation").text());
  }

  /**
   * The task in the words of that evaluator; examples that the data lack are taken from a request.
   */
  private HarnessTask asTask(String name, Json line) throws IOException {
    String context = line.at("request").at("context").text();
    String query = line.at("doc").at("query").present() ? line.at("doc").at("query").text() : "";
    String before = context.substring(0, context.length() - query.length());
    List<Map<String, String>> examples = new ArrayList<>();
    for (String example : before.split("\n\n")) {
      int cut = example.lastIndexOf(' ');
      if (cut > 0) {
        examples.add(
            Map.of("before", example.substring(0, cut), "last", example.substring(cut + 1)));
      }
    }
    String yaml = Files.readString(Path.of("src/test/resources/tasks/olmes_" + name + ".yaml"));
    Path file = temp.resolve(name + ".yaml");
    Files.writeString(file, yaml.replace("EXAMPLES", Json.write(examples)));
    return Harness.in(home).tasks(file, Sampling.all()).get(0);
  }

  private List<Json> rows(String file) {
    return Json.readLines(SHARED.resolve("data/harness").resolve(file));
  }

  private static List<Json> zippedLines(Path file) throws IOException {
    List<Json> lines = new ArrayList<>();
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(Json.parse(line, file.toString()));
      }
    }
    return lines;
  }

  @Test
  void wikitextHasItsArticles() {
    assertEquals(62, requests("wikitext").size());
  }

  @Test
  void rendersEveryTaskWhoseDataAreHere() {
    for (String name : Harness.in(home).available()) {
      if (!Harness.texts().contains(name)) {
        assertFalse(requests(name).isEmpty(), name);
      }
    }
  }
}
