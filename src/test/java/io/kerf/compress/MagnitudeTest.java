package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.BitMask;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MagnitudeTest {
  private static final Tensor TWO_ROWS =
      FloatTensor.of(
          new float[] {
            0.1f, -3f, 2f, 0.4f, //
            10f, 20f, -30f, 40f
          },
          2,
          4);

  @Test
  void removesTheSmallestMagnitudesOfTheMatrix() {
    assertEquals("0110 1111", kept(Magnitude.of(0.25).perLayer()));
    assertEquals("0000 1111", kept(Magnitude.of(0.5).perLayer()));
  }

  @Test
  void removesTheSmallestMagnitudesOfEveryRow() {
    assertEquals("0110 0011", kept(Magnitude.of(0.5).perRow()));
    assertEquals("0111 0111", kept(Magnitude.of(0.49).perRow()), "floor(0.49 x 4) = 1");
  }

  @Test
  void matricesOfTheScopeCompeteGlobally() {
    Tensor small = FloatTensor.of(new float[] {1, 2, 3}, 1, 3);
    Tensor large = FloatTensor.of(new float[] {-4, 5, 2}, 1, 3);
    List<BitMask> masks = Magnitude.of(0.34).masks(List.of(small, large));
    assertEquals("001", bits(masks.get(0), 3));
    assertEquals("111", bits(masks.get(1), 3), "of equal magnitudes the earlier matrix's goes");
  }

  @Test
  void ofEqualMagnitudesTheFirstGoesFirst() {
    Tensor ties = FloatTensor.of(new float[] {1, -1, 1, 0.5f, -0.0f, 0, 1, 1}, 1, 8);
    assertEquals("11110111", mask(Magnitude.of(0.125), ties, 8));
    assertEquals("01100011", mask(Magnitude.of(0.5), ties, 8));
    assertEquals("00000011", mask(Magnitude.of(0.75).perRow(), ties, 8));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 4098})
  void removesWhatAStableSortWouldRemove(int columns) {
    Random random = new Random(columns);
    int rows = 3;
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (random.nextInt(20)) {
            case 0 -> 0;
            case 1 -> Float.NEGATIVE_INFINITY;
            case 2 -> Float.MIN_VALUE;
            default -> random.nextInt(-50, 50) / 16f; // many ties
          };
    }
    Tensor weight = FloatTensor.of(values, rows, columns);
    for (double sparsity : new double[] {0, 0.1, 0.29, 0.5, 0.9, 0.9999}) {
      assertArrayEquals(
          bySorting(values, 0, values.length, sparsity),
          removed(
              Magnitude.of(sparsity).perLayer().masks(List.of(weight)).get(0), 0, values.length));
      BitMask byRow = Magnitude.of(sparsity).perRow().masks(List.of(weight)).get(0);
      for (int row = 0; row < rows; row++) {
        assertArrayEquals(
            bySorting(values, row * columns, columns, sparsity),
            removed(byRow, row * columns, columns));
      }
    }
  }

  private static int[] bySorting(float[] values, int from, int count, double sparsity) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> Math.abs(values[from + i])))
        .limit((long) Math.floor(sparsity * count))
        .mapToInt(i -> i)
        .sorted()
        .toArray();
  }

  private static int[] removed(BitMask mask, int from, int count) {
    return IntStream.range(0, count).filter(i -> !mask.keeps(from + i)).toArray();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.3, 0.5, 0.77, 0.9})
  void achievesTheFloorOfWhatWasAsked(double sparsity) {
    Model dense = TinyModels.decoder(3, false);
    long weights = Achieved.of(dense).linearWeights();
    Achieved achieved = Achieved.of(Magnitude.of(sparsity).apply(dense));
    assertEquals((long) Math.floor(sparsity * weights), achieved.linearZeros());
    assertEquals(weights, achieved.linearWeights());
  }

  @Test
  void sharesWhatItDoesNotTouchAndTheWeightsUnderTheMask() {
    Model dense = TinyModels.decoder(2, false);
    Model pruned = Magnitude.of(0.5).in(Scope.QKV).apply(dense);
    for (int block = 0; block < 2; block++) {
      for (Role role : dense.blocks().get(block).parameters().keySet()) {
        Tensor before = dense.blocks().get(block).parameter(role).weight();
        Tensor after = pruned.blocks().get(block).parameter(role).weight();
        if (Scope.QKV.contains(role)) {
          assertSame(before, ((MaskedTensor) after).base());
        } else {
          assertSame(before, after);
        }
      }
    }
    assertSame(dense.shared().get(Role.HEAD), pruned.shared().get(Role.HEAD));
    assertNotSame(dense, pruned);
    assertEquals("dense", dense.label());
  }

  @Test
  void sparsityZeroChangesNoTensor() {
    Model dense = TinyModels.decoder(1, true);
    assertEquals(dense.blocks(), Magnitude.of(0).apply(dense).blocks());
    assertEquals(true, Magnitude.of(0).in(Scope.HEAD).apply(dense).config().head().tied());
  }

  @Test
  void lineageSaysWhatWasAskedAndWhatWasAchieved() {
    Model pruned = Magnitude.of(0.3).in(Scope.ATTENTION).apply(TinyModels.decoder(1, false));
    assertEquals("magnitude 30% attention", pruned.label());
    var settings = pruned.lineage().steps().get(0).settings();
    assertEquals("0.3", settings.get("requested sparsity"));
    assertEquals("global", settings.get("comparison group"));
    assertEquals("attention", settings.get("scope"));
    assertEquals("0.299805", settings.get("achieved sparsity"), "307 of 1024");
  }

  @Test
  void pruningMoreCountsWhatIsZeroAlready() {
    Model dense = TinyModels.decoder(2, false);
    Model once = Magnitude.of(0.5).apply(dense);
    Model twice = Magnitude.of(0.5).apply(Magnitude.of(0.3).apply(dense));
    assertEquals(Achieved.of(once).linearZeros(), Achieved.of(twice).linearZeros());
    assertEquals("magnitude 30% + magnitude 50%", twice.label());
  }

  @Test
  void aPrunedHeadThatWasTiedBecomesAMatrixOfItsOwn() {
    Model dense = TinyModels.decoder(1, true);
    Model pruned = Magnitude.of(0.5).in(Scope.HEAD).apply(dense);
    assertSame(dense.shared().get(Role.TOKEN_EMBEDDING), pruned.shared().get(Role.TOKEN_EMBEDDING));
    assertEquals(false, pruned.config().head().tied());
    assertEquals(80, pruned.shared().get(Role.HEAD).weight().zeros());
  }

  @Test
  void aPrunedEmbeddingThatWasTiedLeavesTheHead() {
    Model dense = TinyModels.decoder(1, true);
    Model pruned = Magnitude.of(0.5).in(Scope.EMBEDDINGS).apply(dense);
    assertEquals(false, pruned.config().head().tied());
    assertSame(
        dense.shared().get(Role.TOKEN_EMBEDDING).weight(), pruned.shared().get(Role.HEAD).weight());
    assertEquals(80, pruned.shared().get(Role.TOKEN_EMBEDDING).weight().zeros());
  }

  @Test
  void headAndEmbeddingNamedTogetherStayTied() {
    Model dense = TinyModels.decoder(1, true);
    Model pruned = Magnitude.of(0.5).in(Scope.HEAD, Scope.EMBEDDINGS).apply(dense);
    assertEquals(true, pruned.config().head().tied());
    assertEquals(null, pruned.shared().get(Role.HEAD));
    assertEquals("magnitude 50% head+embeddings", pruned.label());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50    | sparsity must be in [0, 1), was 50.0; for a percentage write 0.50",
        "12.5  | sparsity must be in [0, 1), was 12.5; for a percentage write 0.125",
        "1     | sparsity must be in [0, 1), was 1.0; 1 would remove every weight",
        "-0.1  | sparsity must be in [0, 1), was -0.1",
        "1000  | sparsity must be in [0, 1), was 1000.0",
        "NaN   | sparsity must be in [0, 1), was NaN"
      })
  void refusesWhatIsNoSparsity(double sparsity, String message) {
    var error = assertThrows(IllegalArgumentException.class, () -> Magnitude.of(sparsity));
    assertEquals(message, error.getMessage());
  }

  private static String kept(Magnitude magnitude) {
    String bits = bits(magnitude.masks(List.of(TWO_ROWS)).get(0), 8);
    return bits.substring(0, 4) + " " + bits.substring(4);
  }

  private static String mask(Magnitude magnitude, Tensor weight, int n) {
    return bits(magnitude.masks(List.of(weight)).get(0), n);
  }

  static String bits(BitMask mask, int n) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) {
      text.append(mask.keeps(i) ? '1' : '0');
    }
    return text.toString();
  }
}
