package io.kerf.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How well a model's confidence matches how often it is right (arXiv 1706.04599).
 *
 * <p>Verdicts are put into bins by their probability. The expected calibration error is the mean
 * over the bins, weighted by their size, of |share that is right - mean probability|.
 *
 * @param bins by rising confidence; one may be empty
 * @param accuracy share of the verdicts that are right
 * @param confidence mean probability of the verdicts
 * @param brier mean of (probability - 1 if right, else 0) squared, of the verdict alone: the
 *     harness's brier_score sums over all choices
 * @param errorBounds of the expected calibration error, by the bootstrap over verdicts; since bins
 *     of fewer verdicts stray farther, it leans to larger errors
 */
public record Calibration(
    List<Bin> bins,
    int samples,
    double accuracy,
    double confidence,
    double brier,
    Interval errorBounds) {
  /** How many bins the field takes. */
  public static final int USUAL_BINS = 10;

  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Verdicts of about the same probability.
   *
   * @param low its edges; with equal width a verdict on an edge is in the bin below
   * @param confidence mean probability in it; NaN where it is empty
   * @param accuracy share that is right; NaN where it is empty
   */
  public record Bin(double low, double high, int samples, double confidence, double accuracy) {}

  /** How verdicts are put into bins. */
  public enum Binning {
    /** Bin b holds the probabilities in (b/B, (b+1)/B], the first also 0. */
    EQUAL_WIDTH,
    /** The verdicts in order of probability, cut into bins of equal size, the larger ones first. */
    EQUAL_MASS
  }

  /**
   * The calibration of these verdicts.
   *
   * @param bins how many, at least 1
   */
  public static Calibration of(List<Verdict> verdicts, Binning binning, int bins) {
    if (verdicts.isEmpty()) {
      throw new IllegalArgumentException("there is no verdict to calibrate by");
    }
    if (bins < 1) {
      throw new IllegalArgumentException("there must be at least 1 bin, was " + bins);
    }
    List<Bin> counted = bins(verdicts, binning, bins);
    return new Calibration(
        counted,
        verdicts.size(),
        accuracy(verdicts),
        confidence(verdicts),
        verdicts.stream().mapToDouble(Calibration::miss).map(m -> m * m).average().orElseThrow(),
        Bootstrap.COARSE.of(
            verdicts.size(),
            drawn -> {
              List<Verdict> sample = new ArrayList<>(drawn.length);
              for (int i : drawn) {
                sample.add(verdicts.get(i));
              }
              return error(bins(sample, binning, bins), sample.size());
            }));
  }

  /** ECE, the expected calibration error. */
  public double error() {
    return error(bins, samples);
  }

  /** Mean probability minus accuracy: above 0 the model is too sure of itself. */
  public double overconfidence() {
    return confidence - accuracy;
  }

  private static double error(List<Bin> bins, int samples) {
    double sum = 0;
    for (Bin bin : bins) {
      if (bin.samples() > 0) {
        sum += bin.samples() * Math.abs(bin.accuracy() - bin.confidence());
      }
    }
    return sum / samples;
  }

  private static List<Bin> bins(List<Verdict> verdicts, Binning binning, int count) {
    return binning == Binning.EQUAL_WIDTH ? byWidth(verdicts, count) : byMass(verdicts, count);
  }

  private static List<Bin> byWidth(List<Verdict> verdicts, int count) {
    int[] sizes = new int[count];
    int[] right = new int[count];
    double[] sums = new double[count];
    for (Verdict verdict : verdicts) {
      int bin = Math.max(0, (int) Math.ceil(verdict.probability() * count) - 1);
      sizes[bin]++;
      right[bin] += verdict.right() ? 1 : 0;
      sums[bin] += verdict.probability();
    }
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      double n = sizes[b]; // 0 / 0 is NaN, as an empty bin has it
      bins.add(new Bin((double) b / count, (b + 1.0) / count, sizes[b], sums[b] / n, right[b] / n));
    }
    return bins;
  }

  private static List<Bin> byMass(List<Verdict> verdicts, int count) {
    List<Verdict> sorted = new ArrayList<>(verdicts);
    sorted.sort(Comparator.comparingDouble(Verdict::probability));
    List<Bin> bins = new ArrayList<>();
    int from = 0;
    for (int b = 0; b < count; b++) {
      int to = from + sorted.size() / count + (b < sorted.size() % count ? 1 : 0);
      List<Verdict> part = sorted.subList(from, to);
      bins.add(
          part.isEmpty()
              ? new Bin(Double.NaN, Double.NaN, 0, Double.NaN, Double.NaN)
              : new Bin(
                  part.get(0).probability(),
                  part.get(part.size() - 1).probability(),
                  part.size(),
                  confidence(part),
                  accuracy(part)));
      from = to;
    }
    return bins;
  }

  private static double accuracy(List<Verdict> verdicts) {
    return verdicts.stream().mapToDouble(v -> v.right() ? 1 : 0).average().orElse(Double.NaN);
  }

  private static double confidence(List<Verdict> verdicts) {
    return verdicts.stream().mapToDouble(Verdict::probability).average().orElse(Double.NaN);
  }

  private static double miss(Verdict verdict) {
    return verdict.probability() - (verdict.right() ? 1 : 0);
  }
}
