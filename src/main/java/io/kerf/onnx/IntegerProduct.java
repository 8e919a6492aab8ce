package io.kerf.onnx;

import java.util.List;

/**
 * A linear layer in integers, as Kerf's own session runs a weight marked dynamic int8: every row of
 * the input is divided by its largest magnitude and rounded to steps of 1 / 127, codes are
 * multiplied with codes, and the sums are scaled back by row and by output.
 */
final class IntegerProduct {
  private static final int MIDDLE = 128; // the unsigned input code that stands for 0
  private static final double TINIEST = 1e-20; // a row of zeros is divided by it

  private IntegerProduct() {}

  /** x (N, in) -> (N, out), without bias. */
  static String of(Graph graph, String x, String name, Codes codes) {
    String magnitudes = graph.op("ReduceMax", List.of(graph.op("Abs", List.of(x)), graph.longs(1)));
    String largest = graph.op("Max", List.of(magnitudes, graph.scalar(TINIEST)));
    String steps = graph.multiply(graph.divide(x, largest), graph.scalar(127.0));
    String shifted = graph.add(graph.op("Round", List.of(steps)), graph.scalar((double) MIDDLE));
    String input = graph.cast(shifted, ElementType.UINT8);
    String weight =
        graph.store(
            new Initializer(
                name + ".codes",
                codes.type(name),
                List.of((long) codes.columns(), (long) codes.rows()),
                codes::writeTransposed));
    String scales =
        graph.store(
            new Initializer(
                name + ".scales",
                ElementType.FLOAT32,
                List.of((long) codes.rows()),
                codes::writeScales));
    String middle = graph.constant(ElementType.UINT8, List.of(), new byte[] {(byte) MIDDLE});
    String sums =
        graph.cast(graph.op("MatMulInteger", List.of(input, weight, middle)), ElementType.FLOAT32);
    String rows = graph.multiply(largest, graph.scalar(1 / 127.0));
    return graph.multiply(graph.multiply(sums, rows), scales);
  }
}
