package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.engine.Session;
import io.kerf.engine.WeightFormat;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every request and every metric of lm-evaluation-harness on the tiny models. */
class LmEvalGoldenTest {
  private static final Evaluator QUIET = Evaluator.with(ProgressListener.NONE);

  private static Stream<DynamicTest> forEachRun(String what, GoldenCheck check) {
    return Fixtures.cases("lmeval/golden", "*shot.jsonl").stream()
        .map(file -> dynamicTest(what + " " + file.getFileName(), () -> check.on(file)));
  }

  private interface GoldenCheck {
    void on(Path file);
  }

  @TestFactory
  Stream<DynamicTest> scoresTheSameTokens() {
    return forEachRun("tokens", this::checkTokens);
  }

  private void checkTokens(Path file) {
    Json settings = GoldenTasks.settings(file);
    Model model = GoldenTasks.model(settings.at("model").text());
    assertEquals(settings.at("max_length").integer(), model.config().maxPositions());
    assertEquals(settings.at("prefix_token_id").integer(), RequestEncoder.prefixToken(model));
    if (model.config().family().kind() == Family.Kind.ENCODER_DECODER) {
      checkTokensApart(file, new CrossEncoder(model));
      return;
    }
    RequestEncoder encoder = RequestEncoder.of(model);
    for (Json line : Json.readLines(file)) {
      for (Json golden : line.at("requests").items()) {
        var encoded = encoder.encode(GoldenTasks.request(golden));
        if (golden.at("windows").present()) {
          List<Json> windows = golden.at("windows").items();
          assertEquals(windows.size(), encoded.spans().size(), golden::where);
          for (int w = 0; w < windows.size(); w++) {
            Json window = windows.get(w);
            Span span = encoded.spans().get(w);
            assertArrayEquals(window.at("context").integers(), span.context().toArray());
            assertArrayEquals(window.at("scored").integers(), span.scored().toArray());
          }
        } else {
          Span span = encoded.spans().get(0);
          int dropped = golden.at("context_tokens_dropped").integer();
          Tokens context = Tokens.of(golden.at("context_ids").integers());
          assertEquals(dropped, encoded.droppedContextTokens(), golden::where);
          assertEquals(context.from(dropped), span.context(), golden::where);
          assertArrayEquals(
              golden.at("continuation_ids").integers(), span.scored().toArray(), golden::where);
        }
      }
    }
  }

  private static void checkTokensApart(Path file, CrossEncoder encoder) {
    for (Json line : Json.readLines(file)) {
      for (Json golden : line.at("requests").items()) {
        var encoded = encoder.encode(GoldenTasks.request(golden));
        int dropped = golden.at("context_tokens_dropped").integer();
        Tokens context = Tokens.of(golden.at("context_ids").integers());
        assertEquals(dropped, encoded.droppedContextTokens(), golden::where);
        assertEquals(context.from(dropped), encoded.decoding().context(), golden::where);
        assertEquals(
            Tokens.of(golden.at("continuation_ids").integers()),
            encoded.decoding().scored(),
            golden::where);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameLikelihoodsAndMetrics() {
    return forEachRun("scores", this::checkScores);
  }

  @TestFactory
  Stream<DynamicTest> asksTheSameOfTheSameFilesAndRows() {
    return forEachRun("requests", this::checkRequests);
  }

  private void checkRequests(Path file) {
    Model model = GoldenTasks.model(GoldenTasks.settings(file).at("model").text());
    GoldenTasks.linesByTask(file)
        .forEach(
            (name, lines) -> {
              List<Document> documents = GoldenTasks.task(file, name).documents(model).kept();
              assertEquals(lines.size(), documents.size(), name);
              for (int i = 0; i < lines.size(); i++) {
                Json line = lines.get(i);
                List<Request> golden =
                    line.at("requests").items().stream().map(GoldenTasks::request).toList();
                assertEquals(golden, documents.get(i).requests(), line::where);
                assertEquals(line.at("doc_id").toString(), documents.get(i).id());
              }
            });
  }

  private void checkScores(Path file) {
    Json settings = GoldenTasks.settings(file);
    Model model = GoldenTasks.model(settings.at("model").text());
    Map<String, List<Json>> tasks = GoldenTasks.linesByTask(file);
    try (Session session = Session.open(model, WeightFormat.FLOAT32)) {
      tasks.forEach(
          (name, lines) -> {
            checkLikelihoods(session, settings, lines);
            checkMetrics(session, file, name, lines);
          });
    }
  }

  private void checkLikelihoods(Session session, Json settings, List<Json> lines) {
    double tolerance = settings.at("tolerance").at("log_likelihood_abs").number();
    List<Json> golden = lines.stream().flatMap(l -> l.at("requests").items().stream()).toList();
    TaskResult result = QUIET.run(session, GoldenTasks.bare(golden));
    List<Answer> answers = RequestsTask.answers(result);
    assertEquals(golden.size(), answers.size());
    for (int i = 0; i < golden.size(); i++) {
      Json request = golden.get(i);
      var answer = (Answer.Likelihood) answers.get(i);
      assertEquals(
          request.at("log_likelihood").number(), answer.logLikelihood(), tolerance, request::where);
      if (request.at("is_greedy").present()) {
        assertEquals(request.at("is_greedy").bool(), answer.greedy(), request::where);
      }
    }
  }

  private void checkMetrics(Session session, Path file, String name, List<Json> lines) {
    Json settings = GoldenTasks.settings(file);
    TaskResult result = QUIET.run(session, GoldenTasks.task(file, name));
    Json golden = settings.at("results").at(name);
    double tolerance = settings.at("tolerance").at("metric_abs").number();
    assertEquals(lines.size(), result.outcomes().size());
    for (Measure measure : result.measures()) {
      String metric = measure.metric();
      double expected = golden.at(metric + ",none").number();
      boolean relative = metric.contains("perplexity");
      assertEquals(
          expected,
          measure.value(),
          relative ? tolerance * expected : tolerance,
          () -> name + " " + metric);
      Json error = golden.at(metric + "_stderr,none");
      if (error.isNumber() && !relative) { // the harness's error of a perplexity is a random draw
        assertEquals(error.number(), measure.standardError(), tolerance, () -> name + " " + metric);
      }
      assertEquals(
          settings.at("higher_is_better").at(name).at(metric).bool(), measure.higherIsBetter());
    }
    for (int d = 0; d < lines.size(); d++) {
      Map<String, Double> values = result.outcomes().get(d).values();
      lines
          .get(d)
          .at("metrics")
          .fields()
          .forEach(
              (metric, expected) -> {
                if (expected.isNumber() && values.containsKey(metric)) {
                  assertEquals(expected.number(), values.get(metric), expected::where);
                }
              });
    }
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameScoresPlannedOrNotWhateverTheBatch() {
    return forEachRun("plans", this::checkPlans);
  }

  private void checkPlans(Path file) {
    Model model = GoldenTasks.model(GoldenTasks.settings(file).at("model").text());
    List<Json> golden =
        Json.readLines(file).stream().flatMap(l -> l.at("requests").items().stream()).toList();
    RequestsTask task = GoldenTasks.bare(golden);
    try (Session session = Session.open(model, WeightFormat.FLOAT32)) {
      List<Answer> alone = RequestsTask.answers(QUIET.unplanned().run(session, task));
      for (int batchTokens : new int[] {16, 100, 2000}) {
        var planned = QUIET.batchTokens(batchTokens).run(session, task);
        for (int i = 0; i < alone.size(); i++) {
          var expected = (Answer.Likelihood) alone.get(i);
          var actual = (Answer.Likelihood) RequestsTask.answers(planned).get(i);
          // 1e-5 a token; where an untrained model is surprised by many nats a float32 tells no
          // more
          // than the sixth digit.
          double tolerance =
              Math.max(1e-5 * expected.tokens(), 1e-6 * Math.abs(expected.logLikelihood()));
          assertEquals(expected.logLikelihood(), actual.logLikelihood(), tolerance);
          assertEquals(expected.greedy(), actual.greedy());
        }
      }
    }
  }
}
