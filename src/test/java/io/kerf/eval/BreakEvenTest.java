package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.BreakEven.Verdict;
import io.kerf.json.Json;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BreakEvenTest {
  private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(1);

  private static double[] noisy(long seed, int count, double mean, double spread) {
    Random random = new Random(seed);
    return DoubleStream.generate(() -> mean + spread * (random.nextDouble() - 0.5))
        .limit(count)
        .toArray();
  }

  private static double[] times(double factor, double[] values) {
    return DoubleStream.of(values).map(v -> factor * v).toArray();
  }

  private static final double[] STEPS = noisy(1, 25, 8, 1);
  private static final double[] DENSE = noisy(2, 12, 2.5, 0.4);
  private static final double[] CUT = noisy(3, 12, 2.1, 0.4);
  private static final BreakEven BILL = BreakEven.measured(STEPS, DENSE, CUT, BOOTSTRAP);

  @Test
  void dividesTheTrainingByWhatAQuerySaves() {
    BreakEven bill =
        BreakEven.measured(
            new double[] {12, 8}, new double[] {1, 1.5}, new double[] {0.6, 1.1}, BOOTSTRAP);
    assertEquals(20, bill.training());
    assertEquals(0.4, bill.saved(), 1e-12);
    assertEquals(50, bill.count(), 1e-9);
    assertEquals(Verdict.PAYS, bill.verdict());
    // pairs save the same; two steps drawn with replacement sum to 16, 20 or 24
    assertEquals(16 / 0.4, bill.queries().low(), 1e-9);
    assertEquals(24 / 0.4, bill.queries().high(), 1e-9);
    assertEquals(0.95, bill.queries().level());
  }

  @Test
  void agreesWithNumpysDraws() {
    for (Json c : GoldenStatistics.cases("breakEven")) {
      BreakEven bill =
          BreakEven.measured(
              c.at("steps").numbers(),
              c.at("dense").numbers(),
              c.at("variant").numbers(),
              BOOTSTRAP);
      double off = c.at("deviation").number() / 8; // as far as 10,000 draws stray
      assertEquals(c.at("queries").number(), bill.count(), 1e-6, c::toString);
      assertEquals(c.at("low").number(), bill.queries().low(), off, c::toString);
      assertEquals(c.at("high").number(), bill.queries().high(), off, c::toString);
    }
  }

  @Test
  void theIntervalHoldsTheEstimate() {
    assertTrue(BILL.queries().low() < BILL.count() && BILL.count() < BILL.queries().high());
    assertTrue(BILL.saving().low() < BILL.saved() && BILL.saved() < BILL.saving().high());
  }

  @Test
  void anotherUnitOfTimeLeavesTheNumberOfQueries() {
    BreakEven millis =
        BreakEven.measured(times(1000, STEPS), times(1000, DENSE), times(1000, CUT), BOOTSTRAP);
    assertEquals(BILL.count(), millis.count(), 1e-9 * BILL.count());
    assertEquals(BILL.queries().low(), millis.queries().low(), 1e-9 * BILL.count());
    assertEquals(BILL.queries().high(), millis.queries().high(), 1e-9 * BILL.count());
    assertEquals(1000 * BILL.saving().low(), millis.saving().low(), 1e-9);
  }

  @Test
  void twiceTheTrainingTakesTwiceTheQueries() {
    BreakEven twice = BreakEven.measured(times(2, STEPS), DENSE, CUT, BOOTSTRAP);
    assertEquals(2 * BILL.count(), twice.count(), 1e-9 * BILL.count());
    assertEquals(2 * BILL.queries().high(), twice.queries().high(), 1e-9 * BILL.count());
  }

  @Test
  void theSameNoiseOnBothOfAPairWidensNothing() {
    double[] noise = noisy(9, 12, 0, 3);
    double[] dense = DENSE.clone();
    double[] cut = CUT.clone();
    for (int i = 0; i < noise.length; i++) {
      dense[i] += 2 + noise[i];
      cut[i] += 2 + noise[i];
    }
    BreakEven bill = BreakEven.measured(STEPS, dense, cut, BOOTSTRAP);
    assertEquals(BILL.queries().low(), bill.queries().low(), 1e-6 * BILL.count());
    assertEquals(BILL.queries().high(), bill.queries().high(), 1e-6 * BILL.count());
  }

  @Test
  void aSlowerVariantNeverPays() {
    BreakEven bill = BreakEven.measured(STEPS, CUT, times(2, DENSE), BOOTSTRAP);
    assertEquals(Verdict.NEVER, bill.verdict());
    assertEquals(Double.POSITIVE_INFINITY, bill.count());
    assertEquals(Double.POSITIVE_INFINITY, bill.queries().low());
  }

  @Test
  void aSavingThatMayBeNoneSettlesNothing() {
    BreakEven bill =
        BreakEven.measured(
            STEPS, new double[] {1, 2, 3, 4}, new double[] {2, 1, 4, 2.9}, BOOTSTRAP);
    assertEquals(Verdict.UNSETTLED, bill.verdict());
    assertTrue(Double.isNaN(bill.count()));
    assertTrue(bill.queries().low() > 0 && bill.queries().low() < Double.POSITIVE_INFINITY);
    assertEquals(Double.POSITIVE_INFINITY, bill.queries().high());
  }

  @Test
  void equalTimesSettleNothing() {
    BreakEven bill = BreakEven.measured(STEPS, DENSE, DENSE, BOOTSTRAP);
    assertEquals(Verdict.UNSETTLED, bill.verdict());
    assertEquals(Double.POSITIVE_INFINITY, bill.queries().low());
  }

  @Test
  void ofOneStepNoSpreadIsKnown() {
    BreakEven bill = BreakEven.measured(new double[] {200}, DENSE, CUT, BOOTSTRAP);
    assertEquals(200 / bill.saved(), bill.count(), 1e-9);
    assertTrue(Double.isNaN(bill.queries().low()) && Double.isNaN(bill.queries().high()));
    assertEquals(Verdict.PAYS, bill.verdict());
  }

  @Test
  void countsHaveNoInterval() {
    BreakEven bill = BreakEven.counted(3e13, 4e10, 3e10);
    assertEquals(3000, bill.count(), 1e-9);
    assertEquals(Verdict.PAYS, bill.verdict());
    assertTrue(Double.isNaN(bill.queries().low()));
    assertEquals(Verdict.NEVER, BreakEven.counted(3e13, 4e10, 4e10).verdict());
    assertEquals(Verdict.NEVER, BreakEven.counted(3e13, 4e10, 5e10).verdict());
  }

  @Test
  void refusesWhatIsNoMeasurement() {
    assertEquals(
        "no step of the training was measured: train first", refused(new double[0], DENSE, CUT));
    assertEquals(
        "both models need the times of the same 2 queries or more, got 1 and 1",
        refused(STEPS, new double[] {1}, new double[] {1}));
    assertEquals(
        "both models need the times of the same 2 queries or more, got 12 and 2",
        refused(STEPS, DENSE, new double[] {1, 1}));
    assertEquals(
        "step 2 took NaN seconds, must be above 0",
        refused(new double[] {1, Double.NaN}, DENSE, CUT));
    assertEquals(
        "variant query 2 took 0.0 seconds, must be above 0",
        refused(STEPS, new double[] {1, 1}, new double[] {1, 0}));
    assertEquals(
        "training took NaN, must be above 0",
        assertThrows(IllegalArgumentException.class, () -> BreakEven.counted(Double.NaN, 1, 1))
            .getMessage());
  }

  private static String refused(double[] steps, double[] dense, double[] variant) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> BreakEven.measured(steps, dense, variant, BOOTSTRAP))
        .getMessage();
  }
}
