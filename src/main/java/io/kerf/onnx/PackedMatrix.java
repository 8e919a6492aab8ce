package io.kerf.onnx;

import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import java.util.ArrayList;
import java.util.List;

/**
 * A quantized matrix before a product as ONNX has it: DequantizeLinear by channel or by blocks,
 * (in, out). Runtimes know the pair and multiply with the codes as they are.
 */
final class PackedMatrix {
  private PackedMatrix() {}

  /** The matrix (in, out). */
  static String of(Graph graph, String name, Codes codes) {
    IntegerFormat format = codes.tensor().format();
    requireWholeGroups(name, codes);
    ElementType type = codes.type(name);
    List<Long> sizes = List.of((long) codes.columns(), (long) codes.rows());
    List<Long> groups =
        switch (format.granularity()) {
          case TENSOR -> List.of();
          case CHANNEL -> List.of((long) codes.rows());
          case GROUP -> List.of((long) codes.groupsPerRow(), (long) codes.rows());
        };
    List<String> arguments = new ArrayList<>();
    arguments.add(
        graph.store(new Initializer(name + ".codes", type, sizes, codes::writeTransposed)));
    arguments.add(
        graph.store(
            new Initializer(
                name + ".scales", ElementType.FLOAT32, groups, codes::writeScalesTransposed)));
    if (codes.hasZeros()) {
      arguments.add(
          graph.store(new Initializer(name + ".zeros", type, groups, codes::writeZerosTransposed)));
    }
    return format.granularity() == Granularity.GROUP
        ? graph.op(
            "DequantizeLinear",
            arguments,
            Attribute.of("axis", 0L),
            Attribute.of("block_size", format.groupColumns()))
        : graph.op("DequantizeLinear", arguments, Attribute.of("axis", 1L));
  }

  private static void requireWholeGroups(String name, Codes codes) {
    IntegerFormat format = codes.tensor().format();
    if (format.granularity() == Granularity.GROUP && codes.columns() % format.groupColumns() != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + codes.columns()
              + " columns is not a multiple of group "
              + format.groupColumns()
              + ", and withPackedCodes() needs whole groups; write it with onnx() alone, or quantize with"
              + " another group");
    }
  }
}
