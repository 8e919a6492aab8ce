package io.kerf.eval.harness;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.RealModels;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.DataHome;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Sampling;
import io.kerf.eval.SourceText;
import io.kerf.eval.Task;
import io.kerf.eval.TaskResult;
import io.kerf.json.Json;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SmolLM2 on WikiText-2 against transformers, by src/test/reference/make_measures.py. */
@Tag("big")
@Tag("shared")
class RealPerplexityTest {
  private static final Path DATA =
      Path.of(System.getProperty("kerf.shared", "../shared")).resolve("data");

  private final Json golden = Json.read(Path.of("src/test/resources/measures/smollm2.json"));

  @BeforeEach
  void dataAreHere() {
    assumeTrue(Files.isDirectory(DATA), DATA + " is absent");
  }

  private static SourceText text(String name) {
    return Harness.in(DataHome.of(DATA)).text(name);
  }

  private static Model model() {
    return ModelReader.read(RealModels.fetched("smollm2-135m-instruct"), ProgressListener.NONE);
  }

  @Test
  void windowsThatOverlapGiveTransformersLikelihoods() {
    try (var session = DecoderSession.open(model(), WeightFormat.FLOAT32_PACKED)) {
      for (Json run : golden.at("strided").items()) {
        Sampling first = Sampling.first(run.at("windows").items().size());
        int stride = run.at("stride").integer();
        Task task =
            TextPerplexity.of(text("wikitext2"), run.at("window").integer(), first)
                .strided(stride)
                .get(0);
        check(session, task, run);
      }
      Json joined = golden.at("joined");
      check(
          session,
          TextPerplexity.of(
                  text("wikitext2_joined"), joined.at("window").integer(), Sampling.first(1))
              .get(0),
          joined);
    }
  }

  private static void check(DecoderSession session, Task task, Json run) {
    TaskResult result = Evaluator.with(ProgressListener.NONE).run(session, task);
    List<Json> windows = run.at("windows").items();
    for (int w = 0; w < windows.size(); w++) {
      double tokens = windows.get(w).at("tokens").number();
      assertEquals(tokens, result.outcomes().get(w).value("tokens"), windows.get(w)::where);
      assertEquals(
          windows.get(w).at("log_likelihood").number(),
          result.outcomes().get(w).value("logLikelihood"),
          1e-4 * tokens, // float32 sums against double ones
          windows.get(w)::where);
    }
    double expected = run.at("perplexity").number();
    assertEquals(expected, result.headline().value(), 1e-3 * expected);
  }

  @Test
  void theFileAndTheRowsJoinedByBlankLinesHaveTheTokensOfTransformers() {
    var tokenizer = model().tokenizer();
    int[] raw = tokenizer.encode(text("wikitext2").text(), false);
    int[] joined = tokenizer.encode(text("wikitext2_joined").text(), false);
    assertEquals(golden.at("tokens").integer(), raw.length);
    assertEquals(golden.at("joined_tokens").integer(), joined.length);
    int[] first = golden.at("joined_first_ids").integers();
    assertArrayEquals(first, Arrays.copyOf(joined, first.length));
  }
}
