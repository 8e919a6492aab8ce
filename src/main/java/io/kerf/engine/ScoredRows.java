package io.kerf.engine;

import io.kerf.engine.DecoderSession.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which rows of a batch the head reads.
 *
 * @param read rows of the batch; targets that follow the same node share one
 * @param rows for each target, which of the rows that are read it follows
 * @param tokens the targets' ids
 */
record ScoredRows(List<Integer> read, int[] rows, int[] tokens) {
  /**
   * The rows of targets.
   *
   * @param starts where each tree of the batch begins, and the end of the last
   */
  static ScoredRows of(List<TokenTree> batch, int[] starts, List<Target> targets, int vocabulary) {
    int[] rowOf = new int[starts[batch.size()]];
    Arrays.fill(rowOf, -1);
    List<Integer> read = new ArrayList<>();
    int[] rows = new int[targets.size()];
    int[] tokens = new int[targets.size()];
    for (int i = 0; i < rows.length; i++) {
      Target target = targets.get(i);
      int at = starts[target.tree()] + checkedNode(batch.get(target.tree()), target.node());
      if (rowOf[at] < 0) {
        rowOf[at] = read.size();
        read.add(at);
      }
      rows[i] = rowOf[at];
      tokens[i] = checkedToken(target.token(), vocabulary);
    }
    return new ScoredRows(read, rows, tokens);
  }

  /** The rows of nodes, one for each. */
  static List<Integer> of(List<TokenTree> batch, int[] starts, List<DecoderSession.Node> nodes) {
    return nodes.stream()
        .map(n -> starts[n.tree()] + checkedNode(batch.get(n.tree()), n.node()))
        .toList();
  }

  private static int checkedNode(TokenTree tree, int node) {
    if (node < 0 || node >= tree.size()) {
      throw new IllegalArgumentException("node must be in [0, " + tree.size() + "), was " + node);
    }
    return node;
  }

  static int checkedToken(int token, int vocabulary) {
    if (token < 0 || token >= vocabulary) {
      throw new IllegalArgumentException("token must be in [0, " + vocabulary + "), was " + token);
    }
    return token;
  }
}
