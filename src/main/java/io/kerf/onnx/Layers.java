package io.kerf.onnx;

import io.kerf.engine.Activation;
import io.kerf.model.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The layers that blocks are made of, in standard operators; x is (N, D), a row for each token. */
final class Layers {
  private final Graph graph;
  private final GraphWeights weights;
  private final double epsilon;

  Layers(Graph graph, GraphWeights weights, double epsilon) {
    this.graph = graph;
    this.weights = weights;
    this.epsilon = epsilon;
  }

  String linear(String x, String layer, Parameter parameter) {
    return weights.linear(x, layer, parameter);
  }

  /**
   * Each row less its mean, divided by its deviation, scaled and shifted.
   *
   * @param parameter null for neither scale nor shift
   * @param width of a row
   */
  String layerNorm(String x, String layer, Parameter parameter, int width) {
    List<String> arguments = new ArrayList<>(List.of(x));
    if (parameter == null) {
      float[] ones = new float[width];
      Arrays.fill(ones, 1);
      arguments.add(graph.floats(ones));
    } else {
      arguments.add(weights.values(layer + ".weight", parameter.weight()));
      parameter.optionalBias().ifPresent(b -> arguments.add(weights.values(layer + ".bias", b)));
    }
    return graph.op("LayerNormalization", arguments, Attribute.of("epsilon", (float) epsilon));
  }

  /**
   * Each row divided by the root of its mean square, and scaled. In these very operators: runtimes
   * know the pattern and compute it in one.
   *
   * @param parameter null for no scale
   * @param more added to its weights
   */
  String rmsNorm(String x, String layer, Parameter parameter, double more) {
    String squares = graph.op("Pow", List.of(x, graph.scalar(2.0)));
    String mean = graph.op("ReduceMean", List.of(squares, graph.longs(-1)));
    String root = graph.op("Sqrt", List.of(graph.add(mean, graph.scalar(epsilon))));
    String even = graph.divide(x, root);
    if (parameter == null) {
      return even;
    }
    String gain = weights.values(layer + ".weight", parameter.weight());
    return graph.multiply(even, more == 0 ? gain : graph.add(gain, graph.scalar(more)));
  }

  String activation(String x, Activation activation) {
    return switch (activation) {
      case GELU -> graph.op("Gelu", List.of(x));
      case GELU_TANH -> graph.op("Gelu", List.of(x), Attribute.of("approximate", "tanh"));
      case RELU -> graph.op("Relu", List.of(x));
      case QUICK_GELU -> graph.multiply(x, graph.op("Sigmoid", List.of(graph.scale(x, 1.702))));
      case SILU -> graph.multiply(x, graph.op("Sigmoid", List.of(x)));
    };
  }

  /** c tanh(x / c); x itself where c is 0. */
  String softCap(String x, double cap) {
    return cap == 0
        ? x
        : graph.scale(graph.op("Tanh", List.of(graph.divide(x, graph.scalar(cap)))), cap);
  }
}
