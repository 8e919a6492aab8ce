package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.compress.RoundToNearest;
import io.kerf.engine.WeightChange.DecayingMask;
import io.kerf.engine.WeightChange.Factors;
import io.kerf.engine.WeightChange.LowRank;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import io.kerf.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WeightFormsTest {
  private static final Model TOY = RandomModels.llama(2, 16, 4, 2, 24, 50);
  private static final Lineage.Step STEP = new Lineage.Step("trained", Map.of());
  private static final int[] IDS = {3, 7, 11, 19, 23, 5, 42, 8};
  private static final List<Example> TEXT = List.of(new Example(IDS, IDS));

  /** What one weight, block 1's that goes down (16, 24), is made of; only it may learn. */
  private record Down(
      boolean learned,
      Optional<LowRank> low,
      Optional<Factors> by,
      Optional<DecayingMask> mask,
      Optional<IntegerFormat> rounded)
      implements WeightChange {
    private static boolean is(int block, Role role) {
      return block == 1 && role == Role.DOWN;
    }

    @Override
    public boolean learns(int block, Role role) {
      return learned && is(block, role);
    }

    @Override
    public Optional<LowRank> adapter(int block, Role role) {
      return is(block, role) ? low : Optional.empty();
    }

    @Override
    public Optional<Factors> factors(int block, Role role) {
      return is(block, role) ? by : Optional.empty();
    }

    @Override
    public Optional<DecayingMask> decayingMask(int block, Role role) {
      return is(block, role) ? mask : Optional.empty();
    }

    @Override
    public Optional<IntegerFormat> roundedTo(int block, Role role) {
      return is(block, role) ? rounded : Optional.empty();
    }

    static Down masked(DecayingMask mask) {
      return new Down(
          true, Optional.empty(), Optional.empty(), Optional.of(mask), Optional.empty());
    }

    static Down factored(int rank, float[] a, float[] b) {
      Factors factors = new Factors(rank, 2, a, b);
      return new Down(
          false, Optional.empty(), Optional.of(factors), Optional.empty(), Optional.empty());
    }
  }

  private static TrainingSession open(WeightChange changes) {
    return TrainingSession.open(TOY, TrainingOptions.usual().withChanges(changes));
  }

  private static Tensor down(Model model) {
    return model.blocks().get(1).parameters().get(Role.DOWN).weight();
  }

  private static String message(WeightChange changes) {
    return assertThrows(IllegalArgumentException.class, () -> open(changes).close()).getMessage();
  }

  @Test
  void whatIsComputedWithIsWhatRoundingToNearestGives() {
    // an adapter of zeros, so that what the page computes with is what has been trained
    LowRank nothing = new LowRank(1, 1, new float[24], null);
    for (Scheme scheme : Scheme.values()) {
      for (Granularity granularity : Granularity.values()) {
        for (int bits : new int[] {2, 4, 8}) {
          int group = granularity == Granularity.GROUP ? 8 : 0;
          IntegerFormat format = new IntegerFormat(bits, scheme, granularity, group);
          Down change =
              new Down(
                  false,
                  Optional.of(nothing),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(format));
          try (TrainingSession session = open(change)) {
            assertArrayEquals(
                RoundToNearest.of(format).quantize(down(TOY)).toFloats(),
                down(session.trained(STEP)).toFloats(),
                1e-7f,
                format.label());
          }
        }
      }
    }
  }

  @Test
  void factorsMultiplyRowsByHand() {
    // A has a row for every 8 of 16 rows: 0.5 and -1 everywhere; b is 1 but for the first row
    float[] a = new float[48];
    for (int i = 0; i < 48; i++) {
      a[i] = i < 24 ? 0.5f : -1;
    }
    float[] b = new float[16];
    java.util.Arrays.fill(b, 1);
    b[0] = 0;
    float[] was = down(TOY).toFloats();
    try (TrainingSession session = open(Down.factored(2, a, b))) {
      float[] now = down(session.trained(STEP)).toFloats();
      for (int i = 0; i < was.length; i++) {
        int row = i / 24;
        double by = row == 0 ? 1 : row < 8 ? 2 : -1;
        assertEquals(was[i] * by, now[i], 1e-6, "row " + row);
      }
      assertEquals(48 + 16, session.learning());
    }
  }

  @Test
  void aRunThatIsGoneOnWithHasTheMaskOfTheOneThatWasNotLeft() {
    WeightChange changes = Down.masked(new DecayingMask(2, 4, 3, 0.5, 6));
    try (TrainingSession whole = open(changes);
        TrainingSession other = open(changes)) {
      whole.step(TEXT, 0.05);
      whole.step(TEXT, 0.05);
      other.restore(whole.state());
      for (int s = 2; s < 9; s++) {
        assertEquals(whole.step(TEXT, 0.05).loss(), other.step(TEXT, 0.05).loss(), 1e-6);
      }
      assertEquals(16 * 24 / 2, down(whole.trained(STEP)).zeros());
    }
  }

  @Test
  void theMaskStaysOnceItHasSettled() {
    try (TrainingSession session = open(Down.masked(DecayingMask.byRow(0.4, 24, 1, 0, 1)))) {
      session.step(TEXT, 0.1);
      float[] before = down(session.trained(STEP)).toFloats();
      for (int s = 0; s < 4; s++) {
        session.step(TEXT, 0.1);
      }
      float[] after = down(session.trained(STEP)).toFloats();
      for (int i = 0; i < before.length; i++) {
        assertEquals(before[i] == 0, after[i] == 0);
      }
      assertEquals(16 * 9, down(session.trained(STEP)).zeros());
    }
  }

  @Test
  void whatCannotBeIsSaidWithTheLayerAndTheWayOut() {
    IntegerFormat sevens = new IntegerFormat(4, Scheme.SYMMETRIC, Granularity.GROUP, 7);
    Optional<DecayingMask> mask = Optional.of(new DecayingMask(2, 4, 1, 0, 1));
    Optional<IntegerFormat> none = Optional.empty();
    String group =
        message(
            new Down(
                true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(sevens)));
    assertTrue(
        group.contains("down") && group.contains("24 columns") && group.contains("7"), group);
    String pattern = message(Down.masked(new DecayingMask(2, 5, 1, 0, 1)));
    assertTrue(pattern.contains("24 columns are not a multiple of 5"), pattern);
    String rank = message(Down.factored(3, new float[72], null));
    assertTrue(rank.contains("16 rows are not a multiple of the factors' rank 3"), rank);
    String size = message(Down.factored(2, new float[5], null));
    assertTrue(size.contains("need 48 and 16 numbers"), size);
    String frozen = message(new Down(false, Optional.empty(), Optional.empty(), mask, none));
    assertTrue(frozen.contains("does not learn"), frozen);
    Optional<Factors> factors = Optional.of(new Factors(2, 1, new float[48], null));
    String both = message(new Down(true, Optional.empty(), factors, mask, none));
    assertTrue(both.contains("not two"), both);
    String learning = message(new Down(true, Optional.empty(), factors, Optional.empty(), none));
    assertTrue(learning.contains("in a weight's place"), learning);
    String nothing =
        message(
            new Down(
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new IntegerFormat(8, Scheme.SYMMETRIC, Granularity.CHANNEL, 0))));
    assertTrue(nothing.contains("nothing of the model is to be trained"), nothing);
  }

  @Test
  void valuesOutOfRangeAreSaid() {
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    String all = assertThrows(bad, () -> new DecayingMask(4, 4, 1, 0, 1)).getMessage();
    assertTrue(all.contains("cannot keep 4 of 4"), all);
    String never = assertThrows(bad, () -> new DecayingMask(2, 4, 0, 0, 1)).getMessage();
    assertTrue(never.contains("was every 0"), never);
    String less = assertThrows(bad, () -> new DecayingMask(2, 4, 1, -1, 1)).getMessage();
    assertTrue(less.contains("was -1.0"), less);
    assertThrows(bad, () -> new Factors(0, 1, new float[0], null));
    Teaching teaching = new Teaching(TOY, 1, 0, 1, 0, List.of());
    String cold = assertThrows(bad, () -> teaching.withContrast(1, 0)).getMessage();
    assertTrue(cold.contains("(0, 100], was 0.0"), cold);
    assertThrows(bad, () -> teaching.withContrast(Double.NaN, 1));
  }

  @Test
  void aContrastNeedsATeacherOfTheSameWidth() {
    Model wide = RandomModels.llama(1, 32, 4, 2, 24, 50);
    Teaching teaching = new Teaching(wide, 1, 0, 1, 0, List.of()).withContrast(1, 0.1);
    TrainingOptions options = TrainingOptions.usual().withTeaching(teaching);
    String said =
        assertThrows(
                IllegalArgumentException.class, () -> TrainingSession.open(TOY, options).close())
            .getMessage();
    assertTrue(said.contains("width 16") && said.contains("32"), said);
  }
}
