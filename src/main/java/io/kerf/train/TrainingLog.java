package io.kerf.train;

import io.kerf.json.Json;
import io.kerf.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A training, step by step, as it was measured: what its curve, its bill and its table are made of.
 *
 * @param label what was trained, for legends: "max-gap 4, trained 40,960 tokens"
 * @param steps in their order; none where it was stopped before the first was done
 * @param operations floating-point operations of all steps together, a multiplication and an
 *     addition being two; 0 where they were not counted
 */
public record TrainingLog(String label, List<TrainingStep> steps, double operations) {
  private static final List<String> COLUMNS =
      List.of("step", "tokens", "loss", "learning rate", "gradient norm", "seconds");

  public TrainingLog {
    Objects.requireNonNull(label, "label");
    steps = List.copyOf(steps);
    if (!(operations >= 0 && Double.isFinite(operations))) {
      throw new IllegalArgumentException(
          label + ": operations must be 0 or more, were " + operations + "; 0 is not counted");
    }
    TrainingStep before = null;
    for (TrainingStep step : steps) {
      check(label, before, step);
      before = step;
    }
  }

  private static void check(String label, TrainingStep before, TrainingStep step) {
    if (step.step() <= (before == null ? 0 : before.step())) {
      throw new IllegalArgumentException(
          label
              + ": step "
              + step.step()
              + " follows "
              + (before == null ? "the beginning" : "step " + before.step())
              + ", steps are counted upwards from 1");
    }
    if (step.tokens() < (before == null ? 0 : before.tokens())) {
      throw new IllegalArgumentException(
          label
              + ": after step "
              + step.step()
              + " only "
              + step.tokens()
              + " tokens were read, before it "
              + (before == null ? 0 : before.tokens()));
    }
    if (!(step.seconds() >= 0 && Double.isFinite(step.seconds()))) {
      throw new IllegalArgumentException(
          label + ": step " + step.step() + " took " + step.seconds() + " seconds");
    }
  }

  /** Of a training whose operations were not counted. */
  public static TrainingLog of(String label, List<TrainingStep> steps) {
    return new TrainingLog(label, steps, 0);
  }

  /** The same with its operations counted. */
  public TrainingLog withOperations(double newOperations) {
    return new TrainingLog(label, steps, newOperations);
  }

  /** What all steps took together. */
  public double seconds() {
    return steps.stream().mapToDouble(TrainingStep::seconds).sum();
  }

  /** What each step took. */
  public double[] stepSeconds() {
    return steps.stream().mapToDouble(TrainingStep::seconds).toArray();
  }

  /** Tokens read by the last step. */
  public long tokens() {
    return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).tokens();
  }

  /**
   * Tokens read in a second of a step's time; NaN where no time was measured. Where the first steps
   * are not among those here, their tokens do not count.
   */
  public double tokensPerSecond() {
    return tokensPerSecond(steps);
  }

  /** As {@link #tokensPerSecond()}, of some steps that follow each other. */
  public static double tokensPerSecond(List<TrainingStep> steps) {
    if (steps.isEmpty()) {
      return Double.NaN;
    }
    TrainingStep first = steps.get(0);
    boolean whole = first.step() == 1; // else what the first step itself read is not known
    double seconds = steps.stream().mapToDouble(TrainingStep::seconds).sum();
    seconds -= whole ? 0 : first.seconds();
    long tokens = steps.get(steps.size() - 1).tokens() - (whole ? 0 : first.tokens());
    return seconds > 0 ? tokens / seconds : Double.NaN;
  }

  /** {@link Smoothing} of the losses, one for each step. */
  public double[] smoothedLosses(double decay) {
    return smoothedLosses(steps, decay);
  }

  /** As {@link #smoothedLosses(double)}, of some steps. */
  public static double[] smoothedLosses(List<TrainingStep> steps, double decay) {
    Smoothing smoothing = new Smoothing(decay);
    return steps.stream().mapToDouble(step -> smoothing.next(step.loss())).toArray();
  }

  /** As a JSON document, which {@link #of(Json)} reads: kept beside a checkpoint. */
  public String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("label", label);
    document.put("operations", operations);
    document.put("columns", COLUMNS);
    document.put(
        "steps",
        steps.stream()
            .map(
                s ->
                    List.of(
                        s.step(),
                        s.tokens(),
                        number(s.loss()),
                        number(s.learningRate()),
                        number(s.gradientNorm()),
                        s.seconds()))
            .toList());
    return Json.write(document);
  }

  /** JSON has no numbers beyond the finite ones: a loss that became NaN is a word. */
  private static Object number(double value) {
    return Double.isFinite(value) ? value : Double.toString(value);
  }

  /**
   * A log that was kept as {@link #json()}.
   *
   * @throws JsonException if a field is wrong, with its place
   */
  public static TrainingLog of(Json document) {
    List<String> columns = document.at("columns").texts();
    if (!columns.equals(COLUMNS)) {
      throw new JsonException(
          document.at("columns").where() + " must be " + COLUMNS + ", were " + columns);
    }
    List<TrainingStep> steps = new ArrayList<>();
    for (Json row : document.at("steps").items()) {
      List<Json> values = row.items();
      if (values.size() != COLUMNS.size()) {
        throw new JsonException(
            row.where() + " must have " + COLUMNS.size() + " values, had " + values.size());
      }
      steps.add(
          new TrainingStep(
              values.get(0).integer(),
              values.get(1).longInteger(),
              number(values.get(2)),
              number(values.get(3)),
              number(values.get(4)),
              values.get(5).number()));
    }
    try {
      return new TrainingLog(
          document.at("label").text(), steps, document.at("operations").number());
    } catch (IllegalArgumentException e) {
      throw new JsonException(document.where() + ": " + e.getMessage());
    }
  }

  private static double number(Json value) {
    if (!value.isText()) {
      return value.number();
    }
    return switch (value.text()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default ->
          throw new JsonException(
              value.where() + " must be a number, NaN, Infinity or -Infinity, was " + value);
    };
  }
}
