package io.kerf.eval.divergence;

import io.kerf.eval.Bootstrap;
import io.kerf.eval.Interval;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How far a variant's predictions are from the dense model's over the same passages.
 *
 * @param passages what each came to, in the text's order
 * @param farthest the positions where the two part most, the farthest first
 */
public record Divergence(List<Sums> passages, List<Parting> farthest) {
  /** Of nothing: an interrupt came before the first passage. */
  public static final Divergence NONE = new Divergence(List.of(), List.of());

  public Divergence {
    passages = List.copyOf(passages);
    farthest = List.copyOf(farthest);
  }

  /**
   * Sums over the positions of one passage, in nats.
   *
   * @param divergence of KL(dense || variant)
   * @param sameTop how many positions have the same likeliest token
   */
  public record Sums(
      int positions, double divergence, double denseEntropy, double variantEntropy, int sameTop) {}

  /** How many positions were compared. */
  public long positions() {
    return passages.stream().mapToLong(Sums::positions).sum();
  }

  /** Mean KL(dense || variant) in nats for each position. */
  public double mean() {
    return perPosition(Sums::divergence);
  }

  /** The interval of {@link #mean} by the bootstrap over passages. */
  public Interval meanBounds() {
    return bounds(Sums::divergence);
  }

  /** Mean entropy of the dense model's predictions, in nats. */
  public double denseEntropy() {
    return perPosition(Sums::denseEntropy);
  }

  /** Mean entropy of the variant's predictions, in nats. */
  public double variantEntropy() {
    return perPosition(Sums::variantEntropy);
  }

  /** Share of the positions at which both hold the same token likeliest. */
  public double sameTop() {
    return perPosition(Sums::sameTop);
  }

  /** The interval of {@link #sameTop} by the bootstrap over passages. */
  public Interval sameTopBounds() {
    return bounds(Sums::sameTop);
  }

  private double perPosition(ToDoubleFunction<Sums> value) {
    return passages.stream().mapToDouble(value).sum() / positions();
  }

  private Interval bounds(ToDoubleFunction<Sums> value) {
    return Bootstrap.COARSE.of(
        passages.size(),
        drawn -> {
          double sum = 0;
          long positions = 0;
          for (int i : drawn) {
            sum += value.applyAsDouble(passages.get(i));
            positions += passages.get(i).positions();
          }
          return sum / positions;
        });
  }
}
