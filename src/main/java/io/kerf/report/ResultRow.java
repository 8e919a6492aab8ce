package io.kerf.report;

/**
 * One score of one variant: a line of a report. What is not known is NaN, or -1 for a whole number.
 *
 * @param variant the variant's short label, such as "magnitude 50% FFN"
 * @param task what was measured on, such as "lama squad"
 * @param metric what the score is, such as "P@1"; fractions are 0..1
 * @param higherIsBetter whether more of it is better
 * @param score the score
 * @param stderr its standard error
 * @param drop how much worse than the first variant, in the metric's unit
 * @param sparsity share of zero weights achieved, over the model's prunable weights, 0..1
 * @param bits average bits for each weight achieved
 * @param bytes size of all weights
 * @param tokensPerSecond tokens computed in a second
 * @param trainingSeconds that training of the variant took
 * @param trainingTokens that it read
 * @param examples how many examples the score is over
 */
public record ResultRow(
    String variant,
    String task,
    String metric,
    boolean higherIsBetter,
    double score,
    double stderr,
    double drop,
    double sparsity,
    double bits,
    long bytes,
    double tokensPerSecond,
    double trainingSeconds,
    long trainingTokens,
    long examples) {}
