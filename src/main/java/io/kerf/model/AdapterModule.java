package io.kerf.model;

import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.LowRank;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StackedRows;
import io.kerf.tensor.Tensor;
import io.kerf.tensor.TransposedMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an adapter is for one module of transformers, which may hold several layers.
 *
 * <p>Layers of a fused module that share their A are one adapter as they are, with B's rows where
 * the weight's are. Where they have different A, these lie one below the other, and each layer's B
 * is zero beside its own columns: the same change, of the ranks' sum.
 *
 * @param a (r, in)
 * @param b (out, r)
 * @param inputsFirst whether transformers holds its weight (in, out)
 */
record AdapterModule(String name, Tensor a, Tensor b, int rank, double alpha, boolean inputsFirst) {

  /**
   * Those of an adapter.
   *
   * @throws IllegalArgumentException if the layers of a fused module cannot be one adapter
   */
  static List<AdapterModule> of(Model model, Adapter adapter) {
    AdapterLayers layers = AdapterLayers.of(model);
    List<AdapterModule> modules = new ArrayList<>();
    for (String module : layers.modules()) {
      Map<AdapterTarget, LowRank> parts = new LinkedHashMap<>(); // null where none is adapted
      layers.in(module).forEach(target -> parts.put(target, adapter.updates().get(target)));
      boolean inputsFirst = AdapterFolder.inputsFirst(model, layers.in(module).get(0));
      List<LowRank> adapted = parts.values().stream().filter(Objects::nonNull).toList();
      if (parts.size() == 1 && adapted.size() == 1) {
        LowRank only = adapted.get(0);
        modules.add(
            new AdapterModule(module, only.a(), only.b(), only.rank(), only.alpha(), inputsFirst));
      } else if (!adapted.isEmpty()) {
        modules.add(fused(model, layers, module, parts, adapted, inputsFirst));
      }
    }
    return modules;
  }

  private static AdapterModule fused(
      Model model,
      AdapterLayers layers,
      String module,
      Map<AdapterTarget, LowRank> parts,
      List<LowRank> adapted,
      boolean inputsFirst) {
    LowRank first = adapted.get(0);
    requireOneScale(layers, module, parts, first);
    boolean same = adapted.stream().allMatch(part -> sameA(part, first));
    int rank = same ? first.rank() : adapted.stream().mapToInt(LowRank::rank).sum();
    int rows = parts.keySet().stream().mapToInt(t -> layers.shape(t).rows()).sum();
    int most = Math.min(rows, first.shape().columns());
    if (rank > most) {
      throw new IllegalArgumentException(
          module
              + " holds layers whose A differ: one adapter for all has rank "
              + rank
              + ", more than its smaller side, "
              + most
              + "; save(folder) writes the whole model");
    }
    Map<String, Tensor> bs = new LinkedHashMap<>();
    int column = 0; // where a layer's own columns begin
    for (Map.Entry<AdapterTarget, LowRank> part : parts.entrySet()) {
      int height = layers.shape(part.getKey()).rows();
      bs.put(
          layers.name(part.getKey()) + ".weight",
          columns(part.getValue(), height, rank, same ? 0 : column));
      column += part.getValue() == null ? 0 : part.getValue().rank();
    }
    Tensor stored =
        Architecture.of(model.config().family()).stored(model, bs).get(module + ".weight");
    return new AdapterModule(
        module,
        same ? first.a() : StackedRows.of(adapted.stream().map(part -> (Tensor) part.a()).toList()),
        inputsFirst ? TransposedMatrix.of(stored) : stored,
        rank,
        same ? first.alpha() : first.scale() * divisor(first, rank),
        inputsFirst);
  }

  private static double divisor(LowRank part, int rank) {
    return part.rankStabilized() ? Math.sqrt(rank) : rank;
  }

  private static void requireOneScale(
      AdapterLayers layers, String module, Map<AdapterTarget, LowRank> parts, LowRank first) {
    parts.forEach(
        (target, part) -> {
          if (part != null && part.scale() != first.scale()) {
            throw new IllegalArgumentException(
                module
                    + " has one adapter in PEFT's files, but "
                    + layers.name(target)
                    + " has alpha "
                    + part.alpha()
                    + " at rank "
                    + part.rank()
                    + " and another of its layers "
                    + first.alpha()
                    + " at rank "
                    + first.rank()
                    + ": they scale differently; save(folder) writes the whole model");
          }
        });
  }

  private static boolean sameA(LowRank one, LowRank other) {
    return one.a() == other.a()
        || one.a().shape().equals(other.a().shape())
            && Arrays.equals(one.a().toFloats(), other.a().toFloats());
  }

  /** A layer's B in columns of its own, zero elsewhere. */
  private static FloatTensor columns(LowRank part, int rows, int rank, int column) {
    float[] wide = new float[Math.multiplyExact(rows, rank)];
    if (part != null) {
      for (int row = 0; row < rows; row++) {
        part.b().read((long) row * part.rank(), wide, row * rank + column, part.rank());
      }
    }
    return FloatTensor.wrap(Shape.of(rows, rank), wide);
  }
}
