package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import org.junit.jupiter.api.Test;

class BinomialTest {
  @Test
  void threeCoinsShowOneHeadInThreeOfEightCases() {
    Binomial coins = new Binomial(3, 0.5);
    assertEquals(3.0 / 8, coins.probability(1), 1e-15);
    assertEquals(4.0 / 8, coins.atMost(1), 1e-15);
    assertEquals(7.0 / 8, coins.atMost(2), 1e-15);
    assertEquals(0, coins.atMost(-1));
    assertEquals(1, coins.atMost(3));
    assertEquals(0, coins.probability(4));
  }

  @Test
  void agreesWithExactFractions() {
    for (Json c : GoldenStatistics.cases("binomial")) {
      Binomial binomial = new Binomial(c.at("n").longInteger(), c.at("p").number());
      long k = c.at("k").longInteger();
      double probability = c.at("probability").number();
      double atMost = c.at("atMost").number();
      assertEquals(probability, binomial.probability(k), 1e-12 * probability, c::toString);
      assertEquals(atMost, binomial.atMost(k), 1e-12 * atMost, c::toString);
    }
  }

  @Test
  void probabilitiesSumToOne() {
    for (int n : new int[] {0, 1, 7, 15, 16, 17, 100, 5000}) {
      for (double p : new double[] {0, 1e-3, 0.3, 0.5, 0.97, 1}) {
        double sum = 0;
        for (int k = 0; k <= n; k++) {
          sum += new Binomial(n, p).probability(k);
        }
        assertEquals(1, sum, 1e-12, n + " trials of " + p);
      }
    }
  }

  @Test
  void aTableIsTheDistributionFunction() {
    Binomial binomial = new Binomial(1000, 0.02);
    Binomial.Table table = binomial.table();
    assertEquals(table.first(), table.at(0));
    for (double u : new double[] {1e-6, 0.025, 0.5, 0.975, 1 - 1e-6}) {
      long k = table.at(u);
      assertTrue(binomial.atMost(k - 1) <= u + 1e-12 && u <= binomial.atMost(k) + 1e-12, "at " + u);
    }
  }

  @Test
  void refusesWhatIsNoChance() {
    var error = assertThrows(IllegalArgumentException.class, () -> new Binomial(3, 1.5));
    assertEquals(
        "a binomial needs 0 or more trials and a chance in [0, 1], was given 3 and 1.5",
        error.getMessage());
  }
}
