package io.kerf.train;

/**
 * The learning rate step by step: it rises evenly to its peak, then falls as half a cosine wave to
 * a share of it.
 *
 * @param peak the highest rate
 * @param warmUpSteps W: of step s (from 0) before it, the rate is peak (s + 1) / W
 * @param steps S of the whole run: after the warm-up the rate is peak (f + (1 - f) (1 + cos(pi (s -
 *     W) / (S - W))) / 2)
 * @param floor f, in [0, 1]; 1 for a constant rate
 */
public record Schedule(double peak, int warmUpSteps, int steps, double floor) {
  public Schedule {
    if (!(peak > 0 && peak < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learning rate must be positive, was " + peak);
    }
    if (steps < 1 || warmUpSteps < 0 || warmUpSteps > steps) {
      throw new IllegalArgumentException(
          "warm-up must be in [0, " + steps + "], the steps of the run, was " + warmUpSteps);
    }
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "the share of the learning rate at the end must be in [0, 1], was " + floor);
    }
  }

  /** The rate of a step, counted from 0. */
  public double at(int step) {
    if (step < warmUpSteps) {
      return peak * (step + 1) / warmUpSteps;
    }
    int left = Math.max(1, steps - warmUpSteps);
    double wave = (1 + Math.cos(Math.PI * (step - warmUpSteps) / left)) / 2;
    return peak * (floor + (1 - floor) * wave);
  }
}
