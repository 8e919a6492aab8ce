package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import io.kerf.tensor.TransposedMatrix;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FusedTest {
  private static float[] read(List<Spelling.Weight> parts, int part, Tensor stored) {
    return parts.get(part).view().apply(stored).toFloats();
  }

  private static List<String> names(List<Spelling.Weight> parts) {
    return parts.stream().map(Spelling.Weight::name).toList();
  }

  @Test
  void takesThirdsOfAMatrixThatIsStoredInputsFirst() {
    // (in 2, out 6): query is columns 0 and 1, key 2 and 3, value 4 and 5.
    Tensor stored = FloatTensor.of(new float[] {0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15}, 2, 6);
    List<Spelling.Weight> parts =
        Fused.thirds(part -> Fused.part("c_attn", part), "weight", TransposedMatrix::of);
    assertEquals(
        List.of("c_attn[query].weight", "c_attn[key].weight", "c_attn[value].weight"),
        names(parts));
    assertArrayEquals(new float[] {0, 10, 1, 11}, read(parts, 0, stored));
    assertArrayEquals(new float[] {2, 12, 3, 13}, read(parts, 1, stored));
    assertArrayEquals(new float[] {4, 14, 5, 15}, read(parts, 2, stored));
  }

  @Test
  void takesThirdsOfABias() {
    Tensor stored = FloatTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6);
    List<Spelling.Weight> parts =
        Fused.thirds(part -> part.name(), "bias", UnaryOperator.identity());
    assertEquals(List.of("QUERY.bias", "KEY.bias", "VALUE.bias"), names(parts));
    assertArrayEquals(new float[] {3, 4}, read(parts, 1, stored));
  }

  @Test
  void takesEachHeadsPartWhereHeadsFollowEachOther() {
    // Two heads of width 2; a head's rows are q q k k v v. One column.
    Tensor stored = FloatTensor.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 12, 1);
    List<Spelling.Weight> parts = Fused.byHead(part -> part.name(), "weight", 2, 2);
    assertArrayEquals(new float[] {0, 1, 6, 7}, read(parts, 0, stored));
    assertArrayEquals(new float[] {2, 3, 8, 9}, read(parts, 1, stored));
    assertArrayEquals(new float[] {4, 5, 10, 11}, read(parts, 2, stored));
  }

  @Test
  void leavesAWrongShapeToTheReaderWhichRefusesItByName() {
    Tensor stored = FloatTensor.of(new float[7], 7);
    assertEquals(
        stored,
        Fused.thirds(part -> "x", "bias", UnaryOperator.identity()).get(0).view().apply(stored));
    assertEquals(stored, Fused.byHead(part -> "x", "bias", 2, 2).get(0).view().apply(stored));
  }
}
