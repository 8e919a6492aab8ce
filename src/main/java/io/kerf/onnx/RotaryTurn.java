package io.kerf.onnx;

import java.util.List;

/**
 * Rotary position embedding (arXiv 2104.09864) in a graph: the first elements of a head, halves
 * against each other, turned by position x frequency. Angles are computed as they are needed, so
 * that no table limits the length.
 */
final class RotaryTurn {
  private final Graph graph;
  private final int rotated; // elements of a head that are turned
  private final int width;
  private final String cosines; // (B, T, 1, rotated / 2)
  private final String sines;

  /**
   * The turn of these positions.
   *
   * @param positions (B, T)
   * @param frequencies radians a position, one for each pair
   * @param width E
   */
  RotaryTurn(Graph graph, String positions, float[] frequencies, int width) {
    this.graph = graph;
    this.rotated = 2 * frequencies.length;
    this.width = width;
    String places = graph.cast(graph.unsqueeze(positions, 2, 3), ElementType.FLOAT32);
    String angles = graph.multiply(places, graph.floats(frequencies));
    cosines = graph.op("Cos", List.of(angles));
    sines = graph.op("Sin", List.of(angles));
  }

  /** Turns every head: (B, T, heads, E) -> (B, T, heads, E). */
  String of(String x) {
    int half = rotated / 2;
    String a = part(x, 0, half);
    String b = part(x, half, rotated);
    String first = graph.subtract(graph.multiply(a, cosines), graph.multiply(b, sines));
    String second = graph.add(graph.multiply(b, cosines), graph.multiply(a, sines));
    return rotated == width
        ? graph.concat(-1, first, second)
        : graph.concat(-1, first, second, part(x, rotated, width));
  }

  private String part(String x, long from, long to) {
    return graph.slice(x, graph.longs(from), graph.longs(to), -1);
  }
}
