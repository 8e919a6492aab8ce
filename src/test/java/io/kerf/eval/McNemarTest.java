package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.Json;
import org.junit.jupiter.api.Test;

class McNemarTest {
  @Test
  void fiveGainedAndNoneLostIsTwiceAThirtySecond() {
    // Five coins all fall one way: 1/32 for that way, twice for either.
    assertEquals(2.0 / 32, McNemar.exact(0, 5), 1e-15);
    assertEquals(1.0 / 32, McNemar.midP(0, 5), 1e-15);
  }

  @Test
  void nothingChangedIsNoEvidence() {
    assertEquals(1, McNemar.exact(0, 0));
    assertEquals(1, McNemar.midP(0, 0));
    assertEquals(1, McNemar.exact(4, 4));
  }

  @Test
  void agreesWithExactFractions() {
    for (Json c : GoldenStatistics.cases("mcnemar")) {
      long lost = c.at("lost").longInteger();
      long gained = c.at("gained").longInteger();
      double exact = c.at("exact").number();
      double midP = c.at("midP").number();
      assertEquals(exact, McNemar.exact(lost, gained), 1e-12 * exact, c::toString);
      assertEquals(midP, McNemar.midP(lost, gained), 1e-12 * midP, c::toString);
    }
  }

  @Test
  void doesNotAskWhichModelIsFirstAndFallsAsCountsPart() {
    for (int changes = 1; changes < 60; changes++) {
      double last = 2;
      for (int fewer = changes / 2; fewer >= 0; fewer--) {
        double p = McNemar.exact(fewer, changes - fewer);
        assertEquals(p, McNemar.exact(changes - fewer, fewer));
        assertTrue(p <= last && McNemar.midP(fewer, changes - fewer) <= p, changes + " " + fewer);
        last = p;
      }
    }
  }

  @Test
  void millionsOfChangesDoNotOverflow() {
    // z = 2,000 / root 4,000,000 = 1: two normal tails beyond it are 0.3173.
    assertEquals(0.3173, McNemar.midP(1_999_000, 2_001_000), 1e-4);
    assertEquals(0, McNemar.exact(0, 1_000_000_000L));
  }

  @Test
  void refusesCountsBelowZero() {
    var error = assertThrows(IllegalArgumentException.class, () -> McNemar.exact(-1, 3));
    assertEquals(
        "what was lost and gained must be counts of 0 or more, were -1 and 3", error.getMessage());
  }
}
