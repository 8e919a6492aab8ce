package io.kerf.eval;

import static org.junit.jupiter.api.Assumptions.abort;

import io.kerf.Fixtures;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.harness.Harness;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The harness's recorded documents as tasks of ours. */
final class GoldenTasks {
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
        return asLoaded(ModelReader.read(folder));
      }
    }
    return abort("architecture " + type + " is not there yet");
  }

  /**
   * The harness calls {@code tie_weights} on every model that it loads, which gives an
   * encoder-decoder its embeddings as its head, whatever its files hold.
   */
  private static Model asLoaded(Model model) {
    if (model.config().family().kind() != Family.Kind.ENCODER_DECODER) {
      return model;
    }
    Map<Role, Parameter> shared = new EnumMap<>(model.shared());
    shared.put(Role.HEAD, shared.get(Role.TOKEN_EMBEDDING));
    return model.with(shared, model.blocks(), new Lineage.Step("head tied", Map.of()));
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

  /** The task of a run as its file gives it, with as many examples as the run had. */
  static Task task(Path run, String name) {
    Path file = Fixtures.root().resolve("lmeval/tasks").resolve(name + ".yaml");
    return Harness.in(DataHome.of())
        .tasks(file, Sampling.all())
        .shots(settings(run).at("num_fewshot").integer())
        .get(0);
  }
}
