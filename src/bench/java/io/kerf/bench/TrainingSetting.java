package io.kerf.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What both sides of the training benchmark are told, in the same words.
 *
 * @param model a file or folder; for the peer a folder that transformers opens
 * @param rows token ids, a JSON list of them a line, all of a length
 * @param batch rows a step
 * @param dtype of products, "float32" or "bfloat16"; weights and the optimizer's states are float32
 */
record TrainingSetting(
    Path model, Path rows, int batch, int steps, int threads, String dtype, double learningRate) {
  /** AdamW's decay of weights of two or more dimensions, and the norm that gradients are cut to. */
  static final double WEIGHT_DECAY = 0.1;

  static final double CLIP = 1;

  /** The names of {@link #line}. */
  static final Set<String> OPTIONS =
      Set.of(
          "model",
          "rows",
          "batch",
          "steps",
          "threads",
          "dtype",
          "learning-rate",
          "weight-decay",
          "clip");

  /** The same on a model that lies elsewhere. */
  TrainingSetting on(Path other) {
    return new TrainingSetting(other, rows, batch, steps, threads, dtype, learningRate);
  }

  /** As a command line has it. */
  List<String> line() {
    return List.of(
        "--model", model.toAbsolutePath().toString(),
        "--rows", rows.toAbsolutePath().toString(),
        "--batch", String.valueOf(batch),
        "--steps", String.valueOf(steps),
        "--threads", String.valueOf(threads),
        "--dtype", dtype,
        "--learning-rate", String.valueOf(learningRate),
        "--weight-decay", String.valueOf(WEIGHT_DECAY),
        "--clip", String.valueOf(CLIP));
  }

  /** The inverse of {@link #line}. */
  static TrainingSetting of(String[] line) {
    Arguments arguments = new Arguments(line, OPTIONS);
    return new TrainingSetting(
        Path.of(arguments.text("model").orElseThrow()),
        Path.of(arguments.text("rows").orElseThrow()),
        arguments.count("batch", 8),
        arguments.count("steps", 4),
        arguments.count("threads", 2),
        arguments.text("dtype").orElse("float32"),
        Double.parseDouble(arguments.text("learning-rate").orElseThrow()));
  }
}
