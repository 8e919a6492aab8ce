package io.kerf.onnx;

import io.kerf.model.Parameter;
import io.kerf.tensor.Execution;
import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model's weights in a graph: float32 as they are, quantized ones as codes, scales and zero
 * points and the arithmetic that makes float32 of them.
 *
 * <p>That arithmetic is plain: (code - zero) x scale by Cast, Sub and Mul of constants, which a
 * runtime computes once when it loads the file. ONNX's own DequantizeLinear says the same, but
 * where ONNX Runtime 1.28 finds one before a product it multiplies with inputs rounded to 8 bits,
 * and logits move by tenths.
 */
final class GraphWeights {
  private final Graph graph;
  private final boolean decoded; // whether codes are written as the float32 values they stand for
  private final boolean packing; // whether linear layers multiply with packed codes
  private final Map<Tensor, String> packedMatrices = new IdentityHashMap<>();
  private final Map<Tensor, IntegerProduct> products = new IdentityHashMap<>();
  private final Map<Tensor, String> known = new IdentityHashMap<>(); // a shared one is stored once

  GraphWeights(Graph graph, OnnxOptions options) {
    this.graph = graph;
    this.decoded = options.weights() == OnnxOptions.Weights.FLOAT32;
    this.packing = options.packed();
  }

  /** The float32 values of a tensor, however it is held; the same ones for the same tensor. */
  String values(String name, Tensor tensor) {
    String values = known.get(tensor);
    if (values == null) {
      var codes = decoded ? Optional.<Codes>empty() : Codes.of(tensor);
      values = codes.isPresent() ? dequantized(name, codes.get()) : plain(name, tensor);
      known.put(tensor, values);
    }
    return values;
  }

  private String plain(String name, Tensor tensor) {
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
    // As in Kerf's session, codes that were pruned afterwards are multiplied in float32.
    boolean integers =
        weight instanceof QuantizedTensor quantized
            && quantized.execution() == Execution.DYNAMIC_INT8;
    if (!decoded && integers) {
      IntegerProduct product =
          products.computeIfAbsent(
              weight,
              any -> IntegerProduct.with(graph, layer + ".weight", Codes.of(any).orElseThrow()));
      return biased(product.of(graph, x), layer, parameter);
    }
    boolean codes = !decoded && Codes.of(weight).isPresent();
    if (packing && codes && !known.containsKey(weight)) { // a tied one is there already
      String packed =
          packedMatrices.computeIfAbsent(
              weight,
              any -> PackedMatrix.of(graph, layer + ".weight", Codes.of(any).orElseThrow()));
      return biased(graph.product(x, packed), layer, parameter);
    }
    List<String> arguments = new ArrayList<>(List.of(x, values(layer + ".weight", weight)));
    parameter.optionalBias().ifPresent(bias -> arguments.add(values(layer + ".bias", bias)));
    return graph.op("Gemm", arguments, Attribute.of("transB", 1L));
  }

  private String biased(String product, String layer, Parameter parameter) {
    return parameter
        .optionalBias()
        .map(bias -> graph.add(product, values(layer + ".bias", bias)))
        .orElse(product);
  }
}
