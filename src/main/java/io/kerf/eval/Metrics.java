package io.kerf.eval;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The metrics of the field, made from values of the outcomes. */
public final class Metrics {
  private Metrics() {}

  /** The mean of a value over the documents; standard error: sample deviation over root n. */
  public static Metric mean(String value) {
    return new Mean(value, value, true);
  }

  /** As {@link #mean}, for a value of which less is better. */
  public static Metric meanLowerIsBetter(String value) {
    return new Mean(value, value, false);
  }

  /**
   * The mean over groups of the mean of a value in each group, so that every relation counts the
   * same however many facts it has. Standard error: that of independent groups.
   *
   * @param name the metric's name
   * @param value what is averaged
   * @param group by which of the outcomes' groups
   */
  public static Metric macro(String name, String value, String group) {
    return new Macro(name, value, group);
  }

  /**
   * exp(-mean(log-likelihood)) over the documents; standard error by the delta method (the harness
   * draws bootstrap samples).
   *
   * @param logLikelihood the value's name
   */
  public static Metric perplexity(String name, String logLikelihood) {
    return new Perplexity(name, logLikelihood);
  }

  /** exp(-sum(log-likelihood) / sum(weight)): per word or per byte. No standard error is known. */
  public static Metric weightedPerplexity(String name, String logLikelihood, String weight) {
    return new Plain(name, all -> Math.exp(-sum(all, logLikelihood) / sum(all, weight)));
  }

  /**
   * exp(-sum(log-likelihood) / sum(tokens)): per token, however many a document has. Standard error
   * by the delta method for a ratio of sums over documents.
   */
  public static Metric tokenPerplexity(String name, String logLikelihood, String tokens) {
    return new TokenPerplexity(name, logLikelihood, tokens);
  }

  /** The sum of a value over the documents: how much a score stands on. */
  public static Metric total(String name, String value) {
    return new Plain(name, all -> sum(all, value));
  }

  /** -sum(log-likelihood) / sum(bytes) / ln 2. No standard error is known. */
  public static Metric bitsPerByte(String name, String logLikelihood, String bytes) {
    return new Plain(name, all -> -sum(all, logLikelihood) / sum(all, bytes) / Math.log(2));
  }

  private static double sum(List<? extends Outcome> outcomes, String value) {
    return outcomes.stream().mapToDouble(o -> o.value(value)).sum();
  }

  private static double average(List<? extends Outcome> outcomes, String value) {
    return outcomes.isEmpty() ? Double.NaN : sum(outcomes, value) / outcomes.size();
  }

  /** Sample standard deviation over root n; NaN below two documents. */
  private static double errorOfMean(List<? extends Outcome> outcomes, String value) {
    int n = outcomes.size();
    if (n < 2) {
      return Double.NaN;
    }
    double mean = average(outcomes, value);
    double squares =
        outcomes.stream().mapToDouble(o -> o.value(value) - mean).map(d -> d * d).sum();
    return Math.sqrt(squares / (n - 1) / n);
  }

  private record Mean(String name, String valueName, boolean higherIsBetter) implements Metric {
    @Override
    public double value(List<? extends Outcome> outcomes) {
      return average(outcomes, valueName);
    }

    @Override
    public double standardError(List<? extends Outcome> outcomes) {
      return errorOfMean(outcomes, valueName);
    }
  }

  private record Macro(String name, String valueName, String group) implements Metric {
    @Override
    public boolean higherIsBetter() {
      return true;
    }

    @Override
    public double value(List<? extends Outcome> outcomes) {
      return groups(outcomes).values().stream()
          .mapToDouble(part -> average(part, valueName))
          .average()
          .orElse(Double.NaN);
    }

    @Override
    public double standardError(List<? extends Outcome> outcomes) {
      var groups = groups(outcomes).values();
      double squares =
          groups.stream().mapToDouble(p -> errorOfMean(p, valueName)).map(e -> e * e).sum();
      return groups.isEmpty() ? Double.NaN : Math.sqrt(squares) / groups.size();
    }

    private Map<String, List<Outcome>> groups(List<? extends Outcome> outcomes) {
      return outcomes.stream()
          .collect(
              Collectors.groupingBy(
                  o -> o.groups().getOrDefault(group, ""), TreeMap::new, Collectors.toList()));
    }
  }

  private record Perplexity(String name, String logLikelihood) implements Metric {
    @Override
    public boolean higherIsBetter() {
      return false;
    }

    @Override
    public double value(List<? extends Outcome> outcomes) {
      return Math.exp(-average(outcomes, logLikelihood));
    }

    @Override
    public double standardError(List<? extends Outcome> outcomes) {
      return value(outcomes) * errorOfMean(outcomes, logLikelihood);
    }
  }

  private record TokenPerplexity(String name, String logLikelihood, String tokens)
      implements Metric {
    @Override
    public boolean higherIsBetter() {
      return false;
    }

    @Override
    public double value(List<? extends Outcome> outcomes) {
      return Math.exp(-perToken(outcomes));
    }

    private double perToken(List<? extends Outcome> outcomes) {
      return sum(outcomes, logLikelihood) / sum(outcomes, tokens);
    }

    @Override
    public double standardError(List<? extends Outcome> outcomes) {
      int n = outcomes.size();
      if (n < 2) {
        return Double.NaN;
      }
      double mean = perToken(outcomes);
      double squares =
          outcomes.stream()
              .mapToDouble(o -> o.value(logLikelihood) - mean * o.value(tokens))
              .map(d -> d * d)
              .sum();
      return value(outcomes) * Math.sqrt(squares * n / (n - 1)) / sum(outcomes, tokens);
    }
  }

  private record Plain(String name, ToDoubleFunction<List<? extends Outcome>> formula)
      implements Metric {
    @Override
    public boolean higherIsBetter() {
      return false;
    }

    @Override
    public double value(List<? extends Outcome> outcomes) {
      return outcomes.isEmpty() ? Double.NaN : formula.applyAsDouble(outcomes);
    }
  }
}
