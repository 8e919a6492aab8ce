package io.kerf.report;

import io.kerf.eval.Calibration;

/**
 * How well one variant's confidence on one task matches how often it is right.
 *
 * @param variant the variant's short label
 * @param task what was asked
 * @param metric by which its answers were read
 */
public record CalibrationRow(String variant, String task, String metric, Calibration calibration) {}
