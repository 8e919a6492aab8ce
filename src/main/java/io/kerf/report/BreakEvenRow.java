package io.kerf.report;

import io.kerf.eval.BreakEven;

/**
 * One way in which a cut is billed.
 *
 * @param by "measured here", "operations", "at 40 and 20 TFLOP/s"
 * @param unit of its amounts: "s", "TFLOP"
 */
public record BreakEvenRow(String by, String unit, BreakEven bill) {}
