package io.kerf.model;

import io.kerf.tensor.RowRange;
import io.kerf.tensor.SelectedRows;
import io.kerf.tensor.StackedRows;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Queries, keys and values that lie in one stored tensor, each as a view of its rows. */
final class Fused {
  private static final List<Role> PARTS = List.of(Role.QUERY, Role.KEY, Role.VALUE);

  private Fused() {}

  /**
   * All queries' rows, then all keys', then all values'.
   *
   * @param name of the layer of each part
   * @param kind "weight" or "bias"
   * @param first what is done to the stored tensor before rows are taken
   */
  static List<Spelling.Weight> thirds(
      Function<Role, String> name, String kind, UnaryOperator<Tensor> first) {
    List<Spelling.Weight> weights = new ArrayList<>();
    for (int part = 0; part < PARTS.size(); part++) {
      int third = part;
      weights.add(
          new Spelling.Weight(
              name.apply(PARTS.get(part)) + "." + kind, t -> third(first.apply(t), third)));
    }
    return weights;
  }

  /**
   * Head by head: its queries' rows, its keys', its values'.
   *
   * @param heads so many of them
   * @param headWidth rows that each part of a head has
   */
  static List<Spelling.Weight> byHead(
      Function<Role, String> name, String kind, int heads, int headWidth) {
    List<Spelling.Weight> weights = new ArrayList<>();
    for (int part = 0; part < PARTS.size(); part++) {
      int[] rows = new int[heads * headWidth];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = (row / headWidth * PARTS.size() + part) * headWidth + row % headWidth;
      }
      weights.add(
          new Spelling.Weight(name.apply(PARTS.get(part)) + "." + kind, t -> selected(t, rows)));
    }
    return weights;
  }

  /** The name of a part: "c_attn[query]" of "c_attn". */
  static String part(String module, Role part) {
    return module + "[" + part.name().toLowerCase(Locale.ROOT) + "]";
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

  /** The inverse: what is named by its part becomes one tensor again, all parts' rows in turn. */
  static Map<String, Tensor> thirds(Map<String, Tensor> weights) {
    return fused(weights, StackedRows::of);
  }

  /** The inverse: what is named by its part becomes one tensor again, head by head. */
  static Map<String, Tensor> byHead(Map<String, Tensor> weights, int headWidth) {
    return fused(
        weights,
        parts -> {
          int[] rows = new int[PARTS.size() * parts.get(0).shape().size(0)];
          for (int row = 0; row < rows.length; row++) {
            int part = row / headWidth % PARTS.size();
            int head = row / (headWidth * PARTS.size());
            rows[row] = (part * rows.length / PARTS.size()) + head * headWidth + row % headWidth;
          }
          return SelectedRows.of(StackedRows.of(parts), rows);
        });
  }

  private static Map<String, Tensor> fused(
      Map<String, Tensor> weights, Function<List<Tensor>, Tensor> fuse) {
    Map<String, Tensor> stored = new LinkedHashMap<>();
    weights.forEach(
        (name, tensor) -> {
          int bracket = name.indexOf('[');
          if (bracket < 0) {
            stored.put(name, tensor);
            return;
          }
          String module = name.substring(0, bracket);
          String kind = name.substring(name.indexOf(']') + 2);
          if (!stored.containsKey(module + "." + kind)) {
            List<Tensor> parts = new ArrayList<>();
            for (int part = 0; part < PARTS.size(); part++) {
              parts.add(weights.get(part(module, PARTS.get(part)) + "." + kind));
            }
            stored.put(module + "." + kind, fuse.apply(parts));
          }
        });
    return stored;
  }
}
