package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(7);
  private static final Paired PAIRED = new Paired(30, 12, 5, 258);

  /** A quantile of 10,000 draws strays by about a fortieth of the deviation; five times that. */
  private static double strays(Json golden) {
    return golden.at("deviation").number() / 8;
  }

  @Test
  void oneItemThatWasLostIsLostInEveryDraw() {
    assertEquals(new Interval(-1, -1, 0.95), BOOTSTRAP.ofDifference(new Paired(0, 1, 0, 0)));
    assertEquals(new Interval(0, 0, 0.95), BOOTSTRAP.ofDifference(new Paired(9, 0, 0, 9)));
  }

  @Test
  void twoItemsOneGainedAreDrawnTwiceInAQuarterOfTheCases() {
    // Means 0, 1/2, 1 with chances 1/4, 1/2, 1/4: the middle fifth is all 1/2, the whole is 0 to 1.
    Paired paired = new Paired(1, 0, 1, 0);
    assertEquals(new Interval(0.5, 0.5, 0.2), new Bootstrap(10_000, 1, 0.2).ofDifference(paired));
    assertEquals(new Interval(0, 1, 0.95), BOOTSTRAP.ofDifference(paired));
  }

  @Test
  void agreesWithTheWholeDistribution() {
    assertEquals(GoldenStatistics.level(), BOOTSTRAP.level());
    for (Json c : GoldenStatistics.cases("bootstrap")) {
      Paired paired = GoldenStatistics.paired(c);
      Interval interval = BOOTSTRAP.ofDifference(paired);
      double off = strays(c) + 1.0 / paired.items(); // means are steps of 1/n apart
      assertEquals(c.at("low").number(), interval.low(), off, c::toString);
      assertEquals(c.at("high").number(), interval.high(), off, c::toString);
    }
  }

  @Test
  void ofMacroMeansAgreesWithNumpysDraws() {
    for (Json c : GoldenStatistics.cases("macro")) {
      List<Paired> groups = new ArrayList<>();
      for (Json group : c.at("groups").items()) {
        int[] counts = group.integers();
        groups.add(new Paired(counts[0], counts[1], counts[2], counts[3]));
      }
      Interval interval = BOOTSTRAP.ofMacroDifference(groups);
      long fewest = groups.stream().mapToLong(Paired::items).min().orElseThrow();
      double off = strays(c) + 1.0 / fewest / groups.size() * (fewest < 10 ? 1 : 0);
      assertEquals(c.at("low").number(), interval.low(), off, c::toString);
      assertEquals(c.at("high").number(), interval.high(), off, c::toString);
    }
  }

  @Test
  void drawingCountsAndDrawingItemsIsTheSame() {
    // The same changes told apart in the twelfth digit are too many to count.
    SplittableRandom random = new SplittableRandom(11);
    int n = 400;
    double[] zero = new double[n];
    double[] few = new double[n];
    double[] many = new double[n];
    for (int i = 0; i < n; i++) {
      few[i] = random.nextInt(-2, 3);
      many[i] = few[i] + 1e-12 * i;
    }
    Interval counts = BOOTSTRAP.ofMean(Differences.of(zero, few));
    Interval items = BOOTSTRAP.ofMean(Differences.of(zero, many));
    assertEquals(counts.low(), items.low(), 0.02);
    assertEquals(counts.high(), items.high(), 0.02);
  }

  @Test
  void holdsTheMeanAndShrinksWithTheRootOfTheItems() {
    Paired larger = new Paired(3000, 1200, 500, 25800);
    Interval small = BOOTSTRAP.ofDifference(PAIRED);
    Interval large = BOOTSTRAP.ofDifference(larger);
    assertTrue(small.low() < PAIRED.difference() && PAIRED.difference() < small.high());
    assertEquals(10, (small.high() - small.low()) / (large.high() - large.low()), 1);
    assertTrue(large.excludesZero() && !small.excludesZero(), small + " " + large);
  }

  @Test
  void theSameSeedGivesTheSameInterval() {
    Differences differences = Differences.of(PAIRED);
    assertEquals(BOOTSTRAP.ofMean(differences), BOOTSTRAP.ofMean(differences));
    assertEquals(BOOTSTRAP.ofDifference(PAIRED), BOOTSTRAP.ofMean(differences));
    double[] zero = new double[300];
    double[] after = new SplittableRandom(1).doubles(300).toArray();
    assertNotEquals(
        BOOTSTRAP.ofMean(Differences.of(zero, after)),
        Bootstrap.seeded(8).ofMean(Differences.of(zero, after)));
  }

  @Test
  void withoutItemsNothingIsKnown() {
    assertTrue(Double.isNaN(BOOTSTRAP.ofDifference(Paired.NONE).low()));
    assertTrue(Double.isNaN(BOOTSTRAP.ofMacroDifference(List.of()).high()));
    assertTrue(Double.isNaN(BOOTSTRAP.ofMacroDifference(List.of(PAIRED, Paired.NONE)).high()));
  }

  @Test
  void refusesWhatIsNoLevelAndNoDraw() {
    assertEquals(
        "level must be in (0, 1), was 95.0; for 95 percent write 0.95",
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(10, 1, 95)).getMessage());
    assertEquals(
        "a bootstrap needs at least 1 draw, was 0",
        assertThrows(IllegalArgumentException.class, () -> new Bootstrap(0, 1, 0.9)).getMessage());
  }

  @Test
  void refusesValuesOfOtherItemsAndNoNumbers() {
    assertEquals(
        "values before and after must be of the same items, were 1 and 2",
        assertThrows(
                IllegalArgumentException.class, () -> Differences.of(new double[1], new double[2]))
            .getMessage());
    assertEquals(
        "item 0 went from 0.0 to NaN, which is no difference",
        assertThrows(
                IllegalArgumentException.class,
                () -> Differences.of(new double[1], new double[] {Double.NaN}))
            .getMessage());
  }

  @Test
  void aValueThatDoesNotVaryHasNoWidth() {
    Interval found = Bootstrap.COARSE.ofMean(new double[] {0.5, 0.5, 0.5});
    assertEquals(new Interval(0.5, 0.5, 0.95), found);
  }

  @Test
  void isAboutTwoStandardErrorsToEitherSideOfAMean() {
    double[] values = new Random(3).doubles(400).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / 399;
    double reach = 1.96 * Math.sqrt(variance / 400);
    Interval found = Bootstrap.COARSE.ofMean(values);
    assertEquals(mean - reach, found.low(), 0.15 * reach);
    assertEquals(mean + reach, found.high(), 0.15 * reach);
  }

  @Test
  void ofOneOrNoneNothingIsKnown() {
    for (double[] values : new double[][] {{}, {1}, {1, Double.NaN}}) {
      assertTrue(Double.isNaN(Bootstrap.COARSE.ofMean(values).low()));
    }
  }
}
