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
  private final String mask; // (B, S), 1 where there is a token; null where all are
  private final Map<Integer, String> causal = new HashMap<>(); // by window
  private final String batch; // B, T, S and S - T as vectors of one number
  private final String tokens;
  private final String seen;
  private final String past;
  private final String counted; // (B, S): whether a token has a position of its own
  private String both;

  /**
   * Sequences of these inputs.
   *
   * @param ids (B, T)
   * @param mask (B, S): S is T, or more where tokens before these are cached
   */
  Sequences(Graph graph, String ids, String mask) {
    this(graph, ids, mask, mask);
  }

  /** Sequences without padding on the left: what is on the right is seen by none before it. */
  static Sequences unmasked(Graph graph, String ids) {
    return new Sequences(graph, ids, null, null);
  }

  /**
   * The same where not every token counts.
   *
   * @param counted (B, S): 1 where a token has a position of its own, 0 for padding at least
   */
  Sequences(Graph graph, String ids, String mask, String counted) {
    this.graph = graph;
    this.mask = mask;
    this.counted = counted;
    batch = graph.size(ids, 0);
    tokens = graph.size(ids, 1);
    seen = mask == null ? tokens : graph.size(mask, 1);
    past = graph.subtract(seen, tokens);
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

  /** Where tokens stand, from 0; padding stands with its neighbour: (B, T). */
  String positions() {
    String all = graph.op("CumSum", List.of(counted, graph.scalar(1)));
    String behind = graph.subtract(all, graph.scalar(1));
    return graph.slice(graph.op("Max", List.of(behind, graph.scalar(0))), past, seen, 1);
  }

  /** Where tokens stand, from that on; what does not count stands one before: (B, T). */
  String positionsFrom(int first) {
    String all = graph.op("CumSum", List.of(counted, graph.scalar(1)));
    String places = graph.add(graph.multiply(all, counted), graph.scalar(first - 1L));
    return graph.slice(places, past, seen, 1);
  }

  /** Whether a token may see another, (B, 1, 1, S): every one that is no padding. */
  String both() {
    if (both == null) {
      both = graph.unsqueeze(graph.cast(mask, ElementType.BOOL), 1, 2);
    }
    return both;
  }

  /**
   * Whether a token may see another, (B, 1, T, S) or (T, S): itself and those before it that are no
   * padding.
   *
   * @param window how many at most; 0 for all
   */
  String causal(int window) {
    String keeps = mask == null ? null : both();
    return causal.computeIfAbsent(
        window,
        any -> {
          String back = back();
          String allowed = graph.op("GreaterOrEqual", List.of(back, graph.scalar(0)));
          if (window > 0) {
            String near = graph.op("Less", List.of(back, graph.scalar(window)));
            allowed = graph.op("And", List.of(allowed, near));
          }
          return keeps == null ? allowed : graph.op("And", List.of(allowed, keeps));
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
