package io.kerf.train;

import io.kerf.model.Lineage;
import java.util.Map;
import java.util.Optional;

/**
 * What training a model has behind it, by its lineage: of several trainings, their sum.
 *
 * @param steps changes of the weights
 * @param tokens that were read
 * @param seconds that it took
 */
public record Trained(int steps, long tokens, double seconds) {
  /** Settings of a lineage step that says it trained: whole numbers, and seconds as decimals. */
  public static final String STEPS = "steps";

  public static final String TOKENS = "tokens";
  public static final String SECONDS = "seconds";

  /**
   * Of a model, if it was trained: of the steps of its lineage that have all three settings.
   *
   * @throws IllegalArgumentException if one of them is no number
   */
  public static Optional<Trained> of(Lineage lineage) {
    return lineage.steps().stream()
        .filter(Trained::trains)
        .map(Trained::of)
        .reduce(
            (a, b) -> new Trained(a.steps + b.steps, a.tokens + b.tokens, a.seconds + b.seconds));
  }

  private static boolean trains(Lineage.Step step) {
    Map<String, String> settings = step.settings();
    return settings.containsKey(STEPS)
        && settings.containsKey(TOKENS)
        && settings.containsKey(SECONDS);
  }

  private static Trained of(Lineage.Step step) {
    return new Trained(
        (int) number(step, STEPS), (long) number(step, TOKENS), number(step, SECONDS));
  }

  private static double number(Lineage.Step step, String setting) {
    String text = step.settings().get(setting);
    try {
      double value = Double.parseDouble(text);
      if (value >= 0 && Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below, as of a number that cannot be
    }
    throw new IllegalArgumentException(
        "lineage step '"
            + step.label()
            + "': "
            + setting
            + " must be a number of 0 or more, was '"
            + text
            + "'");
  }
}
