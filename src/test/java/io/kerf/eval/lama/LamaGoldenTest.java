package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.eval.Document;
import io.kerf.eval.Documents;
import io.kerf.eval.Evaluator;
import io.kerf.eval.Measure;
import io.kerf.eval.Request;
import io.kerf.eval.TaskResult;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every fact and every metric of an independent reading of the protocol, on the tiny models. */
class LamaGoldenTest {
  private static final Evaluator QUIET = Evaluator.with(ProgressListener.NONE);

  private final LamaTask full =
      Lama.file("facts", Fixtures.root().resolve("lama/lama_facts.jsonl"));
  private final WordList common = WordList.read(Fixtures.root().resolve("lama/common_vocab.txt"));

  private static Stream<DynamicTest> forEachModel(String what, GoldenCheck check) {
    return Fixtures.cases("lama", "golden_*.json").stream()
        .map(
            file ->
                dynamicTest(
                    what + " " + file.getFileName(),
                    () -> {
                      Json golden = Json.read(file);
                      check.on(golden, model(golden));
                    }));
  }

  private interface GoldenCheck {
    void on(Json golden, Model model);
  }

  private static Model model(Json golden) {
    Path folder = Fixtures.root().resolve("models").resolve(golden.at("model").text());
    assumeTrue(Files.isDirectory(folder), folder + " is not in the set");
    String type = Json.read(folder.resolve("config.json")).at("model_type").text();
    assumeTrue(
        Arrays.stream(Family.values()).anyMatch(f -> f.modelType().equals(type)),
        "architecture " + type + " is not there yet");
    return ModelReader.read(folder);
  }

  @TestFactory
  Stream<DynamicTest> asksTheSamePromptsAndLeavesOutTheSameFacts() {
    return forEachModel("prompts", this::checkPrompts);
  }

  private void checkPrompts(Json golden, Model model) {
    Documents documents = full.documents(model);
    Map<String, Document> kept = new HashMap<>();
    documents.kept().forEach(d -> kept.put(d.id(), d));
    Map<String, String> dropped = new HashMap<>();
    documents.dropped().forEach(d -> dropped.put(d.id(), d.reason()));
    for (Json item : golden.at("items").items()) {
      String id = item.at("uuid").text();
      if (item.at("skipped").present()) {
        assertEquals(item.at("skipped").text(), dropped.get(id), id);
        continue;
      }
      FactDocument document = (FactDocument) kept.remove(id);
      Request.Cloze cloze = document.cloze();
      assertEquals(item.at("text").text(), document.prompt());
      assertArrayEquals(item.at("ids").integers(), cloze.place().ids().toArray(), id);
      assertEquals(item.at("position").integer(), cloze.place().position(), id);
      assertEquals(item.at("object_id").integer(), cloze.object(), id);
    }
    assertTrue(kept.isEmpty(), () -> "not in the golden file: " + kept.keySet());
    assertArrayEquals(
        golden.at("candidates_common").integers(), common.candidates(model).toArray());
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameProbabilitiesRanksAndMetrics() {
    return forEachModel("scores", this::checkScores);
  }

  private void checkScores(Json golden, Model model) {
    try (Session session = Session.open(model, WeightFormat.FLOAT32)) {
      check(golden, "full", "rank_full", QUIET.run(session, full));
      check(golden, "filtered", "rank_filtered", QUIET.run(session, full.anyRightObject()));
      check(golden, "common", "rank_common", QUIET.run(session, full.among(common)));
    }
  }

  private void check(Json golden, String way, String rank, TaskResult result) {
    double tolerance = golden.at("tolerance").at("log_prob_abs").number();
    Map<String, FactOutcome> outcomes = new HashMap<>();
    result.outcomes().forEach(o -> outcomes.put(o.document(), (FactOutcome) o));
    for (Json item : golden.at("items").items()) {
      String id = item.at("uuid").text();
      if (!item.at(rank).present()) {
        assertEquals(null, outcomes.get(id), way + " " + id);
        continue;
      }
      FactOutcome outcome = outcomes.get(id);
      assertEquals(item.at("log_prob").number(), outcome.logProbability(), tolerance, id);
      if (item.at("nearest_other_log_prob_gap").number() > tolerance) {
        assertEquals(item.at(rank).integer(), outcome.rank(), way + " " + id);
        assertEquals(item.at("rank_full").integer(), outcome.rankInVocabulary(), id);
      }
      checkTop(item.at("top10").items(), outcome, tolerance);
    }
    checkMetrics(golden.at("metrics").at(way), result);
  }

  /** The same tokens in the same order, but for those whose probabilities differ by a hair. */
  private static void checkTop(List<Json> golden, FactOutcome outcome, double tolerance) {
    for (int i = 0; i < golden.size(); i++) {
      double expected = golden.get(i).at("log_prob").number();
      assertEquals(expected, outcome.top().get(i).logProbability(), tolerance);
      boolean clear =
          (i == 0 || golden.get(i - 1).at("log_prob").number() - expected > tolerance)
              && i + 1 < golden.size()
              && expected - golden.get(i + 1).at("log_prob").number() > tolerance;
      boolean named =
          golden.get(i).at("token").present(); // models have rows beyond their vocabulary
      if (clear) {
        String token =
            named ? golden.get(i).at("token").text() : "#" + golden.get(i).at("id").integer();
        assertEquals(token, outcome.top().get(i).token());
      }
    }
  }

  private static void checkMetrics(Json golden, TaskResult result) {
    int samples = golden.at("micro").at("n").integer();
    assertEquals(samples, result.headline().samples());
    for (String metric : List.of("P@1", "P@5", "P@10", "P@20", "MRR")) {
      Measure micro = result.measure(metric);
      assertEquals(golden.at("micro").at(metric).number(), micro.value(), 1e-6, metric);
      assertEquals(
          golden.at("macro").at(metric).number(),
          result.measure("macro " + metric).value(),
          1e-6,
          metric);
    }
    var relations = result.groups().get("relation");
    assertEquals(golden.at("per_relation").fields().keySet(), new HashSet<>(relations.keySet()));
    golden
        .at("per_relation")
        .fields()
        .forEach(
            (relation, expected) -> {
              for (Measure measure : relations.get(relation)) {
                if (expected.at(measure.metric()).present()) {
                  assertEquals(
                      expected.at(measure.metric()).number(),
                      measure.value(),
                      1e-6,
                      relation + " " + measure.metric());
                }
              }
            });
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameScoresWhateverTheBatch() {
    return forEachModel("batches", this::checkBatches);
  }

  private void checkBatches(Json golden, Model model) {
    try (Session session = Session.open(model, WeightFormat.FLOAT32)) {
      TaskResult alone = QUIET.unplanned().run(session, full);
      for (int batchTokens : new int[] {30, 10_000}) {
        TaskResult batched = QUIET.batchTokens(batchTokens).run(session, full);
        for (int i = 0; i < alone.outcomes().size(); i++) {
          assertEquals(
              alone.outcomes().get(i).value("logProbability"),
              batched.outcomes().get(i).value("logProbability"),
              1e-5);
        }
      }
    }
  }
}
