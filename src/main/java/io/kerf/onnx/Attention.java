package io.kerf.onnx;

import io.kerf.model.Config;
import java.util.List;

/** Scaled products of queries and keys, their softmax, and the values mixed by it. */
final class Attention {
  /** Added where a token may not see another. Finite, so that a row of padding is no NaN. */
  private static final double HIDDEN = -3.4e38;

  private final Graph graph;
  private final Config.Attention config;
  private final int heads;
  private final int groups;
  private final int width;

  Attention(Graph graph, Config.Attention config) {
    this.graph = graph;
    this.config = config;
    this.heads = config.heads();
    this.groups = config.keyValueHeads();
    this.width = config.headWidth();
  }

  /** Rows apart by sequence and head: (N, count E) -> (B, T, count, E). */
  String apart(String x, int count, Sequences of) {
    return graph.reshape(x, graph.concat(0, of.batch(), graph.longs(-1, count, width)));
  }

  /** (B, T, heads, E) -> (B, heads, T, E) */
  String byHead(String x) {
    return graph.transpose(x, 0, 2, 1, 3);
  }

  /**
   * What each query takes from the values.
   *
   * @param q (B, H, T, E)
   * @param k (B, K, S, E)
   * @param v (B, K, S, E)
   * @param seen S, as a vector of one number
   * @param mask whether a query may see a key, broadcast to (B, H, T, S)
   * @param scale products of queries and keys are multiplied by it
   * @param bias added to the scaled products, broadcast to (B, H, T, S); null for none
   * @return (N, H E)
   */
  String mix(String q, String k, String v, String seen, String mask, double scale, String bias) {
    // Heads that share a key head are rows of one product.
    boolean shared = heads != groups;
    String queries = graph.scale(q, scale);
    if (shared) {
      queries = graph.reshape(queries, 0, groups, -1, width);
    }
    String scores = graph.product(queries, graph.transpose(k, 0, 1, 3, 2));
    if (shared) {
      scores = graph.reshape(scores, graph.concat(0, graph.longs(0, heads, -1), seen));
    }
    scores = new Layers(graph, null, 0).softCap(scores, config.softCap());
    if (bias != null) {
      scores = graph.add(scores, bias);
    }
    String hidden = graph.op("Where", List.of(mask, graph.scalar(0.0), graph.scalar(HIDDEN)));
    String shares =
        graph.op("Softmax", List.of(graph.add(scores, hidden)), Attribute.of("axis", -1L));
    if (shared) {
      shares = graph.reshape(shares, graph.concat(0, graph.longs(0, groups, -1), seen));
    }
    String mixed = graph.product(shares, v);
    if (shared) {
      mixed = graph.reshape(mixed, 0, heads, -1, width);
    }
    return graph.reshape(byHead(mixed), -1, (long) heads * width);
  }
}
