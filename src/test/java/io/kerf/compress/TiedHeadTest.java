package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.Trace;
import io.kerf.engine.WeightFormat;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A head that was the token embedding runs as a matrix of its own once it is cut. */
class TiedHeadTest {
  private static final int[] IDS = {5, 6, 7, 8};

  @TestFactory
  List<DynamicTest> cuttingTheHeadMovesLogitsAloneAndCuttingEmbeddingsLeavesIt() {
    List<DynamicTest> tests =
        Fixtures.cases("models", "*").stream()
            .filter(TiedHeadTest::runnable)
            .map(ModelReader::read)
            .filter(model -> model.config().head().tied())
            .map(model -> dynamicTest(model.lineage().name(), () -> check(model)))
            .toList();
    assertFalse(tests.isEmpty(), "no model with a tied head");
    return tests;
  }

  private static boolean runnable(Path folder) {
    String type = Json.read(folder.resolve("config.json")).at("model_type").text();
    return Arrays.stream(Family.values()).anyMatch(family -> family.modelType().equals(type));
  }

  private static void check(Model dense) {
    Trace before = trace(dense);
    Trace head = trace(Magnitude.of(0.9).in(Scope.HEAD).apply(dense));
    assertArrayEquals(before.embeddings(), head.embeddings());
    assertArrayEquals(before.lastHidden(), head.lastHidden());
    assertFalse(Arrays.equals(before.logits(), head.logits()));
    Trace embeddings = trace(Magnitude.of(0.9).in(Scope.EMBEDDINGS).apply(dense));
    assertFalse(Arrays.equals(before.embeddings(), embeddings.embeddings()));
  }

  private static Trace trace(Model model) {
    if (model.config().family().kind() == Family.Kind.MASKED) {
      try (var session = EncoderSession.open(model, WeightFormat.FLOAT32)) {
        return session.trace(IDS, new int[IDS.length]);
      }
    }
    if (model.config().family().kind() == Family.Kind.ENCODER_DECODER) {
      try (var session = EncoderDecoderSession.open(model, WeightFormat.FLOAT32)) {
        return session.trace(IDS, IDS).decoder();
      }
    }
    try (var session = DecoderSession.open(model, WeightFormat.FLOAT32)) {
      return session.trace(IDS);
    }
  }
}
