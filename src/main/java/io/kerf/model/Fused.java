package io.kerf.model;

import io.kerf.tensor.RowRange;
import io.kerf.tensor.SelectedRows;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Queries, keys and values that lie in one stored tensor, each as a view of its rows. */
final class Fused {
  private static final List<String> PARTS = List.of("query", "key", "value");

  private Fused() {}

  /**
   * All queries' rows, then all keys', then all values'.
   *
   * @param module the stored layer's name; the parts are "module[query]" and so on
   * @param kind "weight" or "bias"
   * @param first what is done to the stored tensor before rows are taken
   */
  static List<Spelling.Weight> thirds(String module, String kind, UnaryOperator<Tensor> first) {
    List<Spelling.Weight> weights = new ArrayList<>();
    for (int part = 0; part < PARTS.size(); part++) {
      int third = part;
      weights.add(new Spelling.Weight(name(module, part, kind), t -> third(first.apply(t), third)));
    }
    return weights;
  }

  /**
   * Head by head: its queries' rows, its keys', its values'.
   *
   * @param heads so many of them
   * @param headWidth rows that each part of a head has
   */
  static List<Spelling.Weight> byHead(String module, String kind, int heads, int headWidth) {
    List<Spelling.Weight> weights = new ArrayList<>();
    for (int part = 0; part < PARTS.size(); part++) {
      int[] rows = new int[heads * headWidth];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = (row / headWidth * PARTS.size() + part) * headWidth + row % headWidth;
      }
      weights.add(new Spelling.Weight(name(module, part, kind), t -> selected(t, rows)));
    }
    return weights;
  }

  private static String name(String module, int part, String kind) {
    return module + "[" + PARTS.get(part) + "]." + kind;
  }

  // A wrong shape is the reader's to refuse, by name.

  private static Tensor third(Tensor stored, int part) {
    int rows = stored.shape().dimensions() == 0 ? 1 : stored.shape().size(0);
    int third = rows / PARTS.size();
    return rows % PARTS.size() == 0
        ? RowRange.of(stored, part * third, (part + 1) * third)
        : stored;
  }

  private static Tensor selected(Tensor stored, int[] rows) {
    return stored.shape().dimensions() > 0 && stored.shape().size(0) == PARTS.size() * rows.length
        ? SelectedRows.of(stored, rows)
        : stored;
  }
}
