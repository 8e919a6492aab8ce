package io.kerf.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch of token sequences in a graph: its sizes, where tokens stand and what they may see.
 *
 * <p>Positions count the tokens that the attention mask keeps, so that padding on either side moves
 * none, and tokens that follow cached ones go on where these ended.
 */
final class Sequences {
  private final Graph graph;
  private final String mask; // (B, S), 1 where there is a token
  private final Map<Integer, String> causal = new HashMap<>(); // by window
  private final String batch; // B, T, S and S - T as vectors of one number
  private final String tokens;
  private final String seen;
  private final String past;
  private final String positions;
  private String both;

  /**
   * Sequences of these inputs.
   *
   * @param ids (B, T)
   * @param mask (B, S): S is T, or more where tokens before these are cached
   */
  Sequences(Graph graph, String ids, String mask) {
    this.graph = graph;
    this.mask = mask;
    batch = graph.size(ids, 0);
    tokens = graph.size(ids, 1);
    seen = graph.size(mask, 1);
    past = graph.subtract(seen, tokens);
    String counted = graph.op("CumSum", List.of(mask, graph.scalar(1)));
    String all =
        graph.op("Max", List.of(graph.subtract(counted, graph.scalar(1)), graph.scalar(0)));
    positions = graph.slice(all, past, seen, 1);
  }

  String batch() {
    return batch;
  }

  /** T, as a vector of one number. */
  String tokens() {
    return tokens;
  }

  /** S, as a vector of one number. */
  String seen() {
    return seen;
  }

  /** (B, T) */
  String positions() {
    return positions;
  }

  /** Whether a token may see another, (B, 1, 1, S): every one that is no padding. */
  String both() {
    if (both == null) {
      both = graph.unsqueeze(graph.cast(mask, ElementType.BOOL), 1, 2);
    }
    return both;
  }

  /**
   * Whether a token may see another, (B, 1, T, S): itself and those before it that are no padding.
   *
   * @param window how many at most; 0 for all
   */
  String causal(int window) {
    String keeps = both();
    return causal.computeIfAbsent(
        window,
        any -> {
          String back = back();
          String allowed = graph.op("GreaterOrEqual", List.of(back, graph.scalar(0)));
          if (window > 0) {
            String near = graph.op("Less", List.of(back, graph.scalar(window)));
            allowed = graph.op("And", List.of(allowed, near));
          }
          return graph.op("And", List.of(allowed, keeps));
        });
  }

  /** How far back one token lies from another: (T, S), row less column. */
  String back() {
    String end = graph.op("Squeeze", List.of(seen));
    String every = graph.op("Range", List.of(graph.scalar(0), end, graph.scalar(1)));
    String own = graph.slice(every, past, seen, 0);
    return graph.subtract(graph.unsqueeze(own, 1), graph.unsqueeze(every, 0));
  }
}
