package io.kerf.eval;

import static org.junit.jupiter.api.Assumptions.abort;

import io.kerf.Fixtures;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.harness.ChoiceQuestion;
import io.kerf.eval.harness.HarnessTask;
import io.kerf.eval.harness.LastWord;
import io.kerf.eval.harness.Page;
import io.kerf.eval.harness.Perplexity;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The harness's recorded documents as tasks of ours. */
final class GoldenTasks {
  private static final Map<String, Metric> METRICS = new LinkedHashMap<>();

  static {
    for (String accuracy : List.of("acc", "acc_norm", "acc_bytes", "acc_mutual_info")) {
      METRICS.put(accuracy, Metrics.mean(accuracy));
    }
    METRICS.put("brier_score", Metrics.meanLowerIsBetter("brier_score"));
    METRICS.put("perplexity", Metrics.perplexity("perplexity", "logLikelihood"));
    Perplexity.ROLLING.forEach(m -> METRICS.put(m.name(), m));
  }

  private GoldenTasks() {}

  /** The results beside a file of documents. */
  static Json settings(Path file) {
    return Json.read(Path.of(file.toString().replaceFirst("jsonl$", "json")));
  }

  /** A tiny model, or a test that is skipped where the set does not have it. */
  static Model model(String name) {
    Path folder = Fixtures.root().resolve("models").resolve(name);
    if (!Files.isDirectory(folder)) {
      return abort("the set has results of " + name + " but not its weights");
    }
    String type = Json.read(folder.resolve("config.json")).at("model_type").text();
    for (Family family : Family.values()) {
      if (family.modelType().equals(type)) {
        return ModelReader.read(folder);
      }
    }
    return abort("architecture " + type + " is not there yet");
  }

  static Map<String, List<Json>> linesByTask(Path file) {
    Map<String, List<Json>> tasks = new LinkedHashMap<>();
    for (Json line : Json.readLines(file)) {
      tasks.computeIfAbsent(line.at("task").text(), t -> new ArrayList<>()).add(line);
    }
    return tasks;
  }

  static Request request(Json golden) {
    List<String> args = golden.at("args").texts();
    return args.size() == 1
        ? new Request.Rolling(args.get(0))
        : new LogLikelihood(args.get(0), args.get(1));
  }

  static RequestsTask bare(List<Json> golden) {
    return new RequestsTask(
        Set.of(Family.Kind.CAUSAL, Family.Kind.ENCODER_DECODER),
        golden.stream().map(GoldenTasks::request).toList());
  }

  static HarnessTask task(String name, List<Json> lines) {
    List<Document> documents = new ArrayList<>();
    lines.forEach(line -> documents.add(document(line)));
    List<Metric> metrics =
        lines.get(0).at("metrics").fields().keySet().stream().map(METRICS::get).toList();
    return new HarnessTask(name, "1", List.of(), Map.of(), metrics, model -> documents);
  }

  private static Document document(Json line) {
    String id = String.valueOf(line.at("doc_id").integer());
    List<Request> requests =
        line.at("requests").items().stream().map(GoldenTasks::request).toList();
    if (requests.get(0) instanceof Request.Rolling rolling) {
      return Page.of(id, rolling.text());
    }
    List<LogLikelihood> pairs = requests.stream().map(LogLikelihood.class::cast).toList();
    if (line.at("metrics").at("perplexity").present()) {
      return new LastWord(id, pairs.get(0));
    }
    boolean mutual = line.at("metrics").at("acc_mutual_info").present();
    List<LogLikelihood> asked = pairs.subList(0, mutual ? pairs.size() / 2 : pairs.size());
    Json doc = line.at("doc");
    Json right = line.at("target").isNumber() ? line.at("target") : doc.at("gold");
    List<String> choices =
        doc.at("choices").present()
            ? doc.at("choices").texts()
            : asked.stream().map(LogLikelihood::context).toList();
    return new ChoiceQuestion(id, asked, choices, right.integer(), mutual);
  }
}
