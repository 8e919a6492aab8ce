package io.kerf.bench;

import io.kerf.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * lm-evaluation-harness in a Python process of its own ({@code harness.py}), which loads the model
 * once and is asked task by task, so that it can be measured in turns with Kerf.
 */
final class Peer implements AutoCloseable {
  /** Environment variable that names the Python of the peer's virtual environment. */
  static final String VARIABLE = "KERF_PEER_PYTHON";

  private static final int BATCH = 16;

  /** A question with one of its choices. */
  record Request(String context, String continuation) {}

  /**
   * What the harness says of a task.
   *
   * @param seconds of its log-likelihoods alone
   * @param logLikelihoods by request
   */
  record Answer(
      double seconds, Map<Request, Double> logLikelihoods, double accuracy, double accuracyNorm) {}

  private final LinePeer process;
  private final String versions;

  private Peer(LinePeer process) {
    this.process = process;
    Json said = process.versions();
    this.versions =
        "lm-eval %s, transformers %s, torch %s, batch %d"
            .formatted(
                said.at("lm_eval").text(),
                said.at("transformers").text(),
                said.at("torch").text(),
                BATCH);
  }

  /** The Python of the peer's environment: as named, or where {@code peers/setup} puts it. */
  static Optional<Path> python(Arguments arguments) {
    Optional<Path> named =
        arguments
            .text("peer-python")
            .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
            .map(Path::of);
    if (named.isPresent() && !Files.isExecutable(named.get())) {
      throw new IllegalArgumentException(
          named.get() + " is no program: --peer-python and " + VARIABLE + " name a python");
    }
    return named.or(
        () -> Optional.of(Bench.BUILD.resolve("peers/bin/python")).filter(Files::isExecutable));
  }

  /**
   * Starts the peer and waits until it has loaded the model.
   *
   * @param model a GGUF file
   */
  static Peer start(Path python, Path model, int threads) throws IOException {
    Path work = Files.createDirectories(Bench.BUILD.resolve("harness"));
    return new Peer(
        LinePeer.start(
            python,
            "harness.py",
            work.resolve("harness.log"),
            "--model=" + model,
            "--threads=" + threads,
            "--batch=" + BATCH,
            "--work=" + work));
  }

  /** "lm-eval 0.4.13, transformers 5.23.0, torch 2.15.0, batch 16". */
  String versions() {
    return versions;
  }

  /**
   * Has a task evaluated.
   *
   * @param task as the harness names it
   * @param file its rows
   * @param rows how many of them, from the first
   * @param type "float32" or "bfloat16"
   * @param shots whose rows stand before every question
   */
  Answer evaluate(String task, Path file, int rows, String type, Shots shots) {
    Map<String, Object> question =
        new HashMap<>(Map.of("task", task, "file", file.toString(), "rows", rows, "dtype", type));
    if (shots.count() > 0) {
      question.put("shots", shots.count());
      question.put("shots_file", shots.file().toString());
    }
    Json answer = process.ask(question);
    Map<Request, Double> logLikelihoods = new HashMap<>();
    for (Json row : answer.at("requests").items()) {
      logLikelihoods.put(new Request(row.at(0).text(), row.at(1).text()), row.at(2).number());
    }
    return new Answer(
        answer.at("seconds").number(),
        logLikelihoods,
        answer.at("acc").number(),
        answer.at("acc_norm").number());
  }

  @Override
  public void close() {
    process.close();
  }
}
