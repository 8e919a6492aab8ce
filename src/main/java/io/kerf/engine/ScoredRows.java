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
  /** The rows of targets. */
  static ScoredRows of(TreeBatch batch, List<Target> targets, int vocabulary) {
    int[] rowOf = new int[batch.size()];
    Arrays.fill(rowOf, -1);
    List<Integer> read = new ArrayList<>();
    int[] rows = new int[targets.size()];
    int[] tokens = new int[targets.size()];
    for (int i = 0; i < rows.length; i++) {
      Target target = targets.get(i);
      int at = batch.row(target.tree(), target.node());
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
  static List<Integer> of(TreeBatch batch, List<DecoderSession.Node> nodes) {
    return nodes.stream().map(n -> batch.row(n.tree(), n.node())).toList();
  }

  static int checkedToken(int token, int vocabulary) {
    if (token < 0 || token >= vocabulary) {
      throw new IllegalArgumentException("token must be in [0, " + vocabulary + "), was " + token);
    }
    return token;
  }
}
