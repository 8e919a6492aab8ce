package io.kerf.eval.harness;

import static io.kerf.eval.Metrics.bitsPerByte;
import static io.kerf.eval.Metrics.mean;
import static io.kerf.eval.Metrics.meanLowerIsBetter;
import static io.kerf.eval.Metrics.weightedPerplexity;

import io.kerf.eval.Metric;
import io.kerf.eval.Metrics;
import io.kerf.eval.Outcome;
import io.kerf.name.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The metrics that a task file may name, as the harness defines them. */
enum HarnessMetric {
  ACC("mean", mean("acc"), OutputType.MULTIPLE_CHOICE, OutputType.LOGLIKELIHOOD),
  ACC_NORM("mean", mean("acc_norm"), OutputType.MULTIPLE_CHOICE),
  ACC_BYTES("mean", mean("acc_bytes"), OutputType.MULTIPLE_CHOICE),
  ACC_MUTUAL_INFO("mean", mean("acc_mutual_info"), OutputType.MULTIPLE_CHOICE),
  BRIER_SCORE("brier_score", meanLowerIsBetter("brier_score"), OutputType.MULTIPLE_CHOICE),
  PERPLEXITY(
      "perplexity", Metrics.perplexity("perplexity", "logLikelihood"), OutputType.LOGLIKELIHOOD),
  WORD_PERPLEXITY(
      "weighted_perplexity",
      weightedPerplexity("word_perplexity", "logLikelihood", "words"),
      OutputType.LOGLIKELIHOOD_ROLLING),
  BYTE_PERPLEXITY(
      "weighted_perplexity",
      weightedPerplexity("byte_perplexity", "logLikelihood", "bytes"),
      OutputType.LOGLIKELIHOOD_ROLLING),
  BITS_PER_BYTE(
      "bits_per_byte",
      bitsPerByte("bits_per_byte", "logLikelihood", "bytes"),
      OutputType.LOGLIKELIHOOD_ROLLING);

  private final String aggregation;
  private final Metric metric;
  private final Set<OutputType> of;

  HarnessMetric(String aggregation, Metric metric, OutputType... of) {
    this.aggregation = aggregation;
    this.metric = metric;
    this.of = Set.of(of);
  }

  /**
   * A metric as a file asks for it.
   *
   * @param aggregation null where the file does not say
   * @param higherIsBetter null where the file does not say
   */
  static Metric of(String name, OutputType type, String aggregation, Boolean higherIsBetter) {
    List<String> known =
        Arrays.stream(values()).filter(m -> m.of.contains(type)).map(m -> m.metric.name()).toList();
    if (!known.contains(name)) {
      throw Names.unknown("metric of " + type.name().toLowerCase(), name, known);
    }
    HarnessMetric found = valueOf(name.toUpperCase());
    if (aggregation != null && !aggregation.equals(found.aggregation)) {
      throw new IllegalArgumentException(
          "metric " + name + " is aggregated by " + found.aggregation + ", was " + aggregation);
    }
    return higherIsBetter == null || higherIsBetter == found.metric.higherIsBetter()
        ? found.metric
        : new Turned(found.metric);
  }

  /** A metric of which a file says that the other direction is better. */
  private record Turned(Metric metric) implements Metric {
    @Override
    public String name() {
      return metric.name();
    }

    @Override
    public boolean higherIsBetter() {
      return !metric.higherIsBetter();
    }

    @Override
    public double value(List<? extends Outcome> outcomes) {
      return metric.value(outcomes);
    }

    @Override
    public double standardError(List<? extends Outcome> outcomes) {
      return metric.standardError(outcomes);
    }
  }
}
