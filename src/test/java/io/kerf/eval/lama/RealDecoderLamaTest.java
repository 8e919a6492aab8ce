package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.RealModels;
import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.DataHome;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Sampling;
import io.kerf.eval.TaskResult;
import io.kerf.json.Json;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** SmolLM2 on LAMA's own files, against torch on the same weights. */
@Tag("big")
@Tag("shared")
class RealDecoderLamaTest {
  private static Session session;

  private final Path shared = Path.of(System.getProperty("kerf.shared", "../shared"));
  private final DataHome home = DataHome.of(shared.resolve("data"));

  @BeforeAll
  static void open() {
    var fetched = RealModels.fetched("smollm2-135m-instruct");
    session =
        Session.open(ModelReader.read(fetched, ProgressListener.NONE), WeightFormat.FLOAT32_PACKED);
  }

  @AfterAll
  static void close() {
    if (session != null) {
      session.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyFactOfEveryRelationIsAsTorchHasIt() {
    // From the set at hand or, as it quotes LAMA, from beside the data.
    Path file =
        Stream.of(Fixtures.root(), shared.resolve("fixtures"))
            .map(folder -> folder.resolve("smollm2/lama.json"))
            .filter(Files::isRegularFile)
            .findFirst()
            .orElse(null);
    assumeTrue(file != null, "smollm2/lama.json is absent");
    assumeTrue(Files.isDirectory(home.folders().get(0)), home + " is absent");
    Json golden = Json.read(file);
    double tolerance = golden.at("tolerance").at("log_prob_abs").number();
    return golden.at("relations").fields().entrySet().stream()
        .map(e -> dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue(), tolerance)));
  }

  private void check(String relation, Json golden, double tolerance) {
    Sampling rows = Sampling.first(golden.at("rows_read").integer());
    LamaTask common = Lama.in(home).task("trex/" + relation).ofEachRelation(rows);
    TaskResult among = Evaluator.with(ProgressListener.NONE).run(session, common);
    checkDropped(golden.at("skipped"), among);
    List<Json> items = golden.at("items").items();
    assertEquals(items.size(), among.outcomes().size());
    Map<String, FactOutcome> outcomes = new HashMap<>();
    among.outcomes().forEach(o -> outcomes.put(o.document(), (FactOutcome) o));
    for (Json item : items) {
      FactOutcome outcome = outcomes.get(item.at("uuid").text());
      assertEquals(item.at("text").text(), outcome.prompt());
      assertEquals(item.at("object_id").integer(), outcome.objectId());
      assertEquals(item.at("log_prob").number(), outcome.logProbability(), tolerance);
      if (item.at("gap").number() > tolerance) {
        assertEquals(item.at("rank_full").integer(), outcome.rankInVocabulary(), outcome.prompt());
        assertEquals(item.at("rank_common").integer(), outcome.rank(), outcome.prompt());
      }
    }
    for (int k : new int[] {1, 5, 10}) {
      checkShare(golden.at("common_P@" + k).number(), among.measure("P@" + k).value(), items);
      double full = outcomes.values().stream().filter(o -> o.rankInVocabulary() <= k).count();
      checkShare(golden.at("full_P@" + k).number(), full / items.size(), items);
    }
    assertEquals(golden.at("common_MRR").number(), among.measure("MRR").value(), 1e-3);
  }

  /** A fact whose rank hangs on a hair may be one on either side of k. */
  private static void checkShare(double percent, double share, List<Json> items) {
    assertEquals(percent, 100 * share, 100.0 / items.size() + 1e-3);
  }

  /** A repeated fact may be left out for its object before it is seen to repeat. */
  private static void checkDropped(Json golden, TaskResult result) {
    Map<String, Integer> counts = new TreeMap<>();
    result.dropped().forEach(d -> counts.merge(d.reason(), 1, Integer::sum));
    int repeated = golden.at("repeated").integer();
    int all = repeated + golden.at("multi_token_object").integer();
    all += golden.at("not_in_common_vocab").integer();
    assertEquals(all, result.dropped().size(), counts::toString);
    assertTrue(counts.getOrDefault("repeated", 0) <= repeated, counts::toString);
    if (repeated == 0) {
      assertEquals(
          golden.at("multi_token_object").integer(), counts.getOrDefault("multi_token_object", 0));
      assertEquals(
          golden.at("not_in_common_vocab").integer(), counts.getOrDefault("not_in_vocabulary", 0));
    }
  }

  /** Every object of some relations that the project ships, filled in and by the cloze. */
  @Test
  void everyObjectIsAsTorchHasIt() {
    Json golden = Json.read(Path.of("src/test/resources/lama-objects/smollm2_objects.json"));
    double tolerance = golden.at("tolerance").number();
    Evaluator quiet = Evaluator.with(ProgressListener.NONE);
    Lama own = Lama.in(DataHome.of(Path.of("datasets")));
    for (Json set : golden.at("sets").items()) {
      LamaTask task =
          own.task("facts/" + set.at("relation").text())
              .ofEachRelation(Sampling.first(set.at("rows").integer()));
      for (Normalisation normalisation : Normalisation.values()) {
        check(
            "filled",
            set,
            quiet.run(session, task.compared(normalisation)),
            normalisation,
            tolerance);
        check(
            "spelled",
            set,
            quiet.run(session, task.multiToken(normalisation)),
            normalisation,
            tolerance);
      }
    }
  }

  private static void check(
      String way, Json set, TaskResult result, Normalisation normalisation, double tolerance) {
    List<Json> items = set.at("items").items();
    assertEquals(items.size(), result.outcomes().size());
    for (int i = 0; i < items.size(); i++) {
      FactOutcome fact = (FactOutcome) result.outcomes().get(i);
      assertEquals(items.get(i).at("uuid").text(), fact.document());
      ObjectsGoldenTest.check(way, items.get(i), fact, normalisation, tolerance);
    }
  }
}
