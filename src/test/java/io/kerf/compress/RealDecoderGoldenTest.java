package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.RealModels;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.json.Json;
import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.source.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Real weights under every cut that needs no calibration: zeros and kept layers exact, perplexity
 * to 0.1 %.
 *
 * <p>To stay within minutes the windows of text take turns: the dense model is scored on all of
 * them, each variant on one.
 */
@Tag("big")
@Tag("shared")
class RealDecoderGoldenTest {
  private static final double LOSS_TOLERANCE = 1e-3; // 0.1 % of the perplexity

  private final Json golden = Json.read(Fixtures.root().resolve("smollm2/golden.json"));

  @TestFactory
  List<DynamicTest> cutsOfARealDecoderAgreeWithTorch() throws IOException {
    Path text =
        Path.of(System.getProperty("kerf.shared", "../shared"), "data/wikitext2/wiki.test.raw");
    assumeTrue(Files.exists(text), "skipped: " + text + " is absent");
    Model dense = dense();
    int[] ids = dense.tokenizer().encode(Files.readString(text), false);
    int windows = golden.at("windows").at("count").integer();
    List<DynamicTest> tests = new ArrayList<>();
    for (var variant : golden.at("variants").fields().entrySet()) {
      Json expected = variant.getValue();
      Optional<Compression> cut = GoldenKey.cut(variant.getKey());
      if (variant.getKey().equals("dense")) {
        int[] all = IntStream.range(0, windows).toArray();
        tests.add(dynamicTest("dense", () -> checkLosses(dense, ids, expected, all)));
      } else if (cut.isPresent()) {
        int turn = tests.size() % windows;
        tests.add(
            dynamicTest(
                variant.getKey(),
                () -> {
                  Model model = cut.get().apply(dense);
                  checkCut(model, expected);
                  checkLosses(model, ids, expected, turn);
                }));
      }
    }
    assertFalse(tests.isEmpty(), "no variant of a cut we have");
    return tests;
  }

  private Model dense() {
    String sha256 = golden.at("gguf_sha256").text();
    return Catalogue.models().stream()
        .filter(entry -> entry.file().sha256().equals(sha256))
        .findFirst()
        .map(entry -> ModelReader.read(RealModels.fetched(entry.name()).path()))
        .orElseThrow(() -> new AssertionError("the catalogue has no file of sha256 " + sha256));
  }

  private static void checkCut(Model model, Json expected) {
    Achieved achieved = Achieved.of(model);
    if (expected.at("zeros").present()) {
      assertEquals(expected.at("zeros").longInteger(), achieved.linearZeros(), "zeros");
      assertEquals(expected.at("weights").longInteger(), achieved.linearWeights(), "weights");
    }
    if (expected.at("kept_layers").present()) {
      assertArrayEquals(
          expected.at("kept_layers").integers(),
          model.blocks().stream().mapToInt(Block::origin).toArray());
    }
  }

  private void checkLosses(Model model, int[] ids, Json expected, int... windows) {
    int first = golden.at("windows").at("first").integer();
    int tokens = golden.at("windows").at("tokens").integer();
    double[] losses = expected.at("nll_per_window").numbers();
    try (DecoderSession session = DecoderSession.open(model, WeightFormat.FLOAT32_PACKED)) {
      for (int window : windows) {
        int from = (first + window) * tokens;
        int[] text = Arrays.copyOfRange(ids, from, from + tokens);
        assertEquals(losses[window], loss(session, text), LOSS_TOLERANCE, "window " + window);
      }
    }
  }

  /** Mean negative log-likelihood of every token but the first. */
  private static double loss(DecoderSession session, int[] ids) {
    List<DecoderSession.Target> targets =
        IntStream.range(1, ids.length)
            .mapToObj(i -> new DecoderSession.Target(0, i - 1, ids[i]))
            .toList();
    float[] logProbabilities =
        session.score(List.of(TokenTree.chain(ids)), targets).logProbabilities();
    double sum = 0;
    for (float logProbability : logProbabilities) {
      sum -= logProbability;
    }
    return sum / targets.size();
  }
}
