package io.kerf.onnx;

import java.util.List;

/**
 * A linear layer in integers, as Kerf's own session runs a weight marked dynamic int8: every row of
 * the input is divided by its largest magnitude and rounded to steps of 1 / 127, codes are
 * multiplied with codes, and the sums are scaled back by row and by output.
 *
 * @param codes name of the stored codes, (in, out)
 * @param scales name of the stored scales, (out)
 */
record IntegerProduct(String codes, String scales) {
  private static final int MIDDLE = 128; // the unsigned input code that stands for 0
  private static final double TINIEST = 1e-20; // a row of zeros is divided by it

  /** Stores a matrix of int8 codes with a scale for each row. */
  static IntegerProduct with(Graph graph, String name, Codes codes) {
    List<Long> transposed = List.of((long) codes.columns(), (long) codes.rows());
    List<Long> rows = List.of((long) codes.rows());
    return new IntegerProduct(
        graph.store(
            new Initializer(name + ".codes", codes.type(name), transposed, codes::writeTransposed)),
        graph.store(
            new Initializer(name + ".scales", ElementType.FLOAT32, rows, codes::writeScales)));
  }

  /** x (N, in) -> (N, out), without bias. */
  String of(Graph graph, String x) {
    String magnitudes = graph.op("ReduceMax", List.of(graph.op("Abs", List.of(x)), graph.longs(1)));
    String largest = graph.op("Max", List.of(magnitudes, graph.scalar(TINIEST)));
    String steps = graph.multiply(graph.divide(x, largest), graph.scalar(127.0));
    String shifted = graph.add(graph.op("Round", List.of(steps)), graph.scalar((double) MIDDLE));
    String input = graph.cast(shifted, ElementType.UINT8);
    String middle = graph.constant(ElementType.UINT8, List.of(), new byte[] {(byte) MIDDLE});
    String sums =
        graph.cast(graph.op("MatMulInteger", List.of(input, codes, middle)), ElementType.FLOAT32);
    String rows = graph.multiply(largest, graph.scalar(1 / 127.0));
    return graph.multiply(graph.multiply(sums, rows), scales);
  }
}
