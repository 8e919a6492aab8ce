package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.eval.DataHome;
import io.kerf.eval.Document;
import io.kerf.eval.Request;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts of real rows, against those that the harness and another evaluator made of them. */
@Tag("shared")
class RenderingTest {
  private static final Path SHARED = Path.of(System.getProperty("kerf.shared", "../shared"));

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

  @Test
  void rendersEveryRowOfArcAsAnotherEvaluator() throws IOException {
    Path file =
        SHARED.resolve("data/harness/rendered_requests/arc_easy__rc_0shot.requests.jsonl.gz");
    assumeTrue(Files.exists(file), file + " is absent");
    List<Request> golden = new ArrayList<>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Json request = Json.parse(line, file.toString()).at("request");
        golden.add(
            new LogLikelihood(request.at("context").text(), request.at("continuation").text()));
      }
    }
    // The same requests follow once more, for another normalisation.
    List<Request> ours = requests("arc_easy");
    assertEquals(golden.subList(0, ours.size()), ours);
  }

  @Test
  void rendersEveryTaskWhoseDataAreHere() {
    for (String name : Harness.in(home).available()) {
      if (Harness.names().contains(name)) {
        assertEquals(false, requests(name).isEmpty(), name);
      }
    }
  }
}
