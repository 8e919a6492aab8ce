package io.kerf.onnx;

import io.kerf.model.Parameter;
import io.kerf.tensor.Execution;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's weights in a graph: float32 as they are, quantized ones as codes, scales and zero
 * points and the arithmetic that makes float32 of them.
 *
 * <p>That arithmetic is plain: (code - zero) x scale by Cast, Sub and Mul of constants, which a
 * runtime computes once when it loads the file. ONNX's own DequantizeLinear says the same, but
 * where ONNX Runtime 1.28 finds one before a product it multiplies with inputs rounded to 8 bits,
 * and logits move by tenths.
 */
final class StoredWeights {
  private final Graph graph;
  private final boolean decoded; // whether codes are written as the float32 values they stand for
  private final Map<Tensor, String> matrices = new IdentityHashMap<>(); // a tied one is stored once

  StoredWeights(Graph graph, boolean decoded) {
    this.graph = graph;
    this.decoded = decoded;
  }

  /** A stored float32 tensor of these values. */
  String plain(String name, Tensor tensor) {
    return graph.store(
        new Initializer(
            name, ElementType.FLOAT32, dimensions(tensor.shape()), out -> write(tensor, out)));
  }

  private static List<Long> dimensions(Shape shape) {
    List<Long> dimensions = new ArrayList<>();
    for (int size : shape.sizes()) {
      dimensions.add((long) size);
    }
    return dimensions;
  }

  private static void write(Tensor tensor, Sink out) throws IOException {
    long elements = tensor.shape().elements();
    float[] run = new float[tensor.shape().runElements()];
    for (long from = 0; from < elements; from += run.length) {
      int count = (int) Math.min(run.length, elements - from);
      tensor.read(from, run, 0, count);
      out.floats(run, count);
    }
  }

  /**
   * The float32 values (out, in) of a matrix, however it is held; the same one for the same one.
   */
  String matrix(String name, Tensor tensor) {
    String known = matrices.get(tensor);
    if (known == null) {
      known =
          decoded || Codes.of(tensor).isEmpty()
              ? plain(name, tensor)
              : dequantized(name, Codes.of(tensor).orElseThrow());
      matrices.put(tensor, known);
    }
    return known;
  }

  private String dequantized(String name, Codes codes) {
    ElementType type = codes.type(name);
    String stored =
        graph.store(
            new Initializer(
                name + ".codes", type, dimensions(codes.tensor().shape()), codes::write));
    String values = graph.cast(stored, ElementType.FLOAT32);
    if (codes.hasZeros()) {
      String zeros =
          graph.store(new Initializer(name + ".zeros", type, groups(codes), codes::writeZeros));
      values = graph.subtract(values, spread(graph.cast(zeros, ElementType.FLOAT32), codes));
    }
    String scales =
        graph.store(
            new Initializer(
                name + ".scales", ElementType.FLOAT32, groups(codes), codes::writeScales));
    return graph.multiply(values, spread(scales, codes));
  }

  private static List<Long> groups(Codes codes) {
    return codes.tensor().format().granularity() == Granularity.TENSOR
        ? List.of()
        : List.of((long) codes.rows(), (long) codes.groupsPerRow());
  }

  /** A number for each group (out, groups) as one for each column that shares it. */
  private String spread(String perGroup, Codes codes) {
    IntegerFormat format = codes.tensor().format();
    if (codes.groupsPerRow() == 1) {
      return perGroup; // broadcast
    }
    long[] groupOfColumn = new long[codes.columns()];
    for (int column = 0; column < groupOfColumn.length; column++) {
      groupOfColumn[column] = column / format.groupColumns();
    }
    return graph.gather(perGroup, graph.longs(groupOfColumn), 1);
  }

  /**
   * A linear layer: x (N, in) -> (N, out).
   *
   * @param layer by its name
   */
  String linear(String x, String layer, Parameter parameter) {
    Tensor weight = parameter.weight();
    if (!decoded && Execution.of(weight) == Execution.DYNAMIC_INT8) {
      return biased(
          IntegerProduct.of(graph, x, layer + ".weight", Codes.of(weight).orElseThrow()),
          layer,
          parameter);
    }
    List<String> arguments = new ArrayList<>(List.of(x, matrix(layer + ".weight", weight)));
    parameter.optionalBias().ifPresent(bias -> arguments.add(plain(layer + ".bias", bias)));
    return graph.op("Gemm", arguments, Attribute.of("transB", 1L));
  }

  private String biased(String product, String layer, Parameter parameter) {
    return parameter
        .optionalBias()
        .map(bias -> graph.add(product, plain(layer + ".bias", bias)))
        .orElse(product);
  }
}
