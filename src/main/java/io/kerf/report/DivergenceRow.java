package io.kerf.report;

import io.kerf.eval.Interval;

/**
 * How far one variant's predictions are from the dense model's; natural units are nats.
 *
 * @param variant the variant's short label
 * @param divergence mean KL(dense || variant) for each position
 * @param denseEntropy mean entropy of the dense model's predictions
 * @param variantEntropy of the variant's
 * @param sameTop share of positions whose likeliest token is the same
 * @param bits average bits for each weight achieved
 * @param bytes size of all weights
 * @param positions how many were compared
 */
public record DivergenceRow(
    String variant,
    double divergence,
    Interval divergenceBounds,
    double denseEntropy,
    double variantEntropy,
    double sameTop,
    Interval sameTopBounds,
    double sparsity,
    double bits,
    long bytes,
    long positions) {}
