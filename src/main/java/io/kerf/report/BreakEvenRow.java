package io.kerf.report;

import io.kerf.eval.BreakEven;
import java.util.List;

/**
 * One way in which a cut is billed.
 *
 * @param by "measured here", "operations", "at 40 and 20 TFLOP/s"
 * @param unit of its amounts: "s", "TFLOP"
 */
public record BreakEvenRow(String by, String unit, BreakEven bill) {
  /** Units of floating-point operations, the largest first. */
  public static final List<Unit> OPERATIONS =
      List.of(
          new Unit("PFLOP", 1e15),
          new Unit("TFLOP", 1e12),
          new Unit("GFLOP", 1e9),
          new Unit("MFLOP", 1e6));

  /** Units of time, likewise. */
  public static final List<Unit> TIMES =
      List.of(new Unit("s", 1), new Unit("ms", 1e-3), new Unit("\u00b5s", 1e-6));

  private static final int PER = 1000; // queries

  /** What amounts are said in. */
  public record Unit(String name, double size) {}

  /**
   * A bill that was counted, in the largest of some units of which a thousand queries take one or
   * more.
   */
  public static BreakEvenRow counted(String by, List<Unit> units, BreakEven bill) {
    Unit unit =
        units.stream()
            .filter(u -> PER * bill.dense() >= u.size())
            .findFirst()
            .orElse(units.get(units.size() - 1));
    return new BreakEvenRow(
        by,
        unit.name(),
        BreakEven.counted(
            bill.training() / unit.size(),
            bill.dense() / unit.size(),
            bill.variant() / unit.size()));
  }
}
