package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.RealModels;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.DataHome;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Measure;
import io.kerf.eval.Sampling;
import io.kerf.eval.TaskResult;
import io.kerf.json.Json;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** SmolLM2 on real questions and text, against lm-evaluation-harness and transformers. */
@Tag("big")
@Tag("shared")
class RealHarnessTest {
  private static final Evaluator QUIET = Evaluator.with(ProgressListener.NONE);
  private static final Path SHARED = Path.of(System.getProperty("kerf.shared", "../shared"));

  private static DecoderSession session;

  private final DataHome home = DataHome.of(SHARED.resolve("data"));

  @BeforeAll
  static void open() {
    assumeTrue(Files.isDirectory(SHARED.resolve("data")), SHARED + " is absent");
    var fetched = RealModels.fetched("smollm2-135m-instruct");
    session =
        DecoderSession.open(
            ModelReader.read(fetched, ProgressListener.NONE), WeightFormat.FLOAT32_PACKED);
  }

  @AfterAll
  static void close() {
    if (session != null) {
      session.close();
    }
  }

  /** The harness's runs, from the set at hand or, as they quote the data, from beside the data. */
  private static Stream<Path> runs() {
    return Stream.of(Fixtures.root(), SHARED.resolve("fixtures"))
        .map(folder -> folder.resolve("smollm2"))
        .flatMap(folder -> Stream.of("piqa.json", "arc_easy.json").map(folder::resolve))
        .filter(Files::exists);
  }

  @TestFactory
  Stream<DynamicTest> givesTheHarnessesLikelihoodsAndAccuracies() {
    List<Path> runs = runs().toList();
    assumeTrue(!runs.isEmpty(), "the harness's runs on real data are absent");
    return runs.stream().map(f -> dynamicTest(f.getFileName().toString(), () -> check(f)));
  }

  private void check(Path file) {
    Json golden = Json.read(file);
    Sampling rows = Sampling.first(golden.at("rows").integer());
    TaskResult result = QUIET.run(session, Harness.in(home).task(golden.at("task").text(), rows));
    List<Json> samples = golden.at("samples").items();
    assertEquals(samples.size(), result.outcomes().size());
    for (int i = 0; i < samples.size(); i++) {
      var outcome = (ChoiceOutcome) result.outcomes().get(i);
      List<Json> requests = samples.get(i).at("requests").items();
      assertEquals(requests.size(), outcome.answers().size());
      for (int c = 0; c < requests.size(); c++) {
        Json request = requests.get(c);
        double expected = request.at("loglikelihood").number();
        assertEquals(expected, outcome.answers().get(c).logLikelihood(), 1e-3, request::where);
      }
    }
    for (Measure measure : result.measures()) {
      assertEquals(
          golden.at("results").at(measure.metric() + ",none").number(), measure.value(), 1e-9);
    }
  }

  @TestFactory
  Stream<DynamicTest> givesThePerplexityOfWindows() {
    return Fixtures.cases("smollm2", "golden*.json").stream()
        .map(f -> dynamicTest(f.getFileName().toString(), () -> checkWindows(Json.read(f))));
  }

  private void checkWindows(Json golden) {
    Json windows = golden.at("windows");
    assumeTrue(windows.at("first").integer() == 0, "the windows are not the first ones");
    Json dense = golden.at("variants").at("dense");
    TaskResult result =
        QUIET.run(
            session,
            Harness.in(home)
                .perplexity(
                    "wikitext2",
                    windows.at("tokens").integer(),
                    Sampling.first(windows.at("count").integer())));
    double[] nll = dense.at("nll_per_window").numbers();
    for (int w = 0; w < nll.length; w++) {
      assertEquals(-nll[w], result.outcomes().get(w).value("meanLogLikelihood"), 1e-4);
    }
    double perplexity = dense.at("perplexity").number();
    assertEquals(perplexity, result.headline().value(), 1e-3 * perplexity);
  }
}
