package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PairedTest {
  private static final Paired PAIRED = new Paired(30, 12, 5, 258);

  @Test
  void countsTenItemsByHand() {
    Paired paired = Paired.NONE;
    boolean[] before = {true, true, true, true, false, false, false, false, false, false};
    boolean[] after = {true, true, true, false, true, true, false, false, false, false};
    for (int i = 0; i < before.length; i++) {
      paired = paired.plus(before[i], after[i]);
    }
    assertEquals(new Paired(3, 1, 2, 4), paired);
    assertEquals(0.4, paired.before());
    assertEquals(0.5, paired.after());
    assertEquals(0.1, paired.difference());
    assertEquals(0.3, paired.flipRate());
  }

  @Test
  void differenceIsAfterLessBefore() {
    assertEquals(PAIRED.after() - PAIRED.before(), PAIRED.difference(), 1e-15);
    assertEquals(Differences.of(PAIRED).mean(), PAIRED.difference(), 1e-15);
    assertEquals(McNemar.exact(12, 5), PAIRED.mcNemar());
    assertEquals(McNemar.midP(12, 5), PAIRED.mcNemarMidP());
  }

  @Test
  void partsAddUp() {
    assertEquals(new Paired(60, 24, 10, 516), PAIRED.plus(PAIRED));
    assertEquals(PAIRED, PAIRED.plus(Paired.NONE));
  }

  @Test
  void withoutItemsNothingIsKnown() {
    assertTrue(Double.isNaN(Paired.NONE.before()));
    assertTrue(Double.isNaN(Paired.NONE.flipRate()));
    assertEquals(1, Paired.NONE.mcNemar());
  }

  @Test
  void refusesCountsBelowZero() {
    var error = assertThrows(IllegalArgumentException.class, () -> new Paired(1, -2, 3, 4));
    assertEquals(
        "counts must be 0 or more, were 1 kept, -2 lost, 3 gained, 4 missed", error.getMessage());
  }
}
