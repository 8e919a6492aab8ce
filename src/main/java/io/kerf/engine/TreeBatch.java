package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Trees laid end to end, never padded, as a decoder's page takes them: which tokens, where they
 * stand, what they see.
 */
final class TreeBatch {
  private final List<TokenTree> trees;
  private final int[] starts; // of each tree's rows, and where the last ends
  private final int[] ids;
  private final int[] positions;

  /**
   * Lays out trees.
   *
   * @param from the position at which each of them begins
   */
  TreeBatch(List<TokenTree> trees, int from) {
    this.trees = List.copyOf(trees);
    this.starts = new int[trees.size() + 1];
    for (int t = 0; t < trees.size(); t++) {
      starts[t + 1] = starts[t] + trees.get(t).size();
    }
    this.ids = new int[starts[trees.size()]];
    this.positions = new int[ids.length];
    for (int t = 0; t < trees.size(); t++) {
      for (int i = 0; i < trees.get(t).size(); i++) {
        ids[starts[t] + i] = trees.get(t).token(i);
        positions[starts[t] + i] = from + trees.get(t).depth(i);
      }
    }
  }

  int size() {
    return ids.length;
  }

  int[] ids() {
    return ids;
  }

  int[] positions() {
    return positions;
  }

  /** How many positions a table must reach that all of these find theirs in. */
  int reach() {
    return Arrays.stream(positions).max().orElse(-1) + 1;
  }

  int[] starts() {
    return starts;
  }

  /** The row of a tree's node. */
  int row(int tree, int node) {
    int size = trees.get(tree).size();
    if (node < 0 || node >= size) {
      throw new IllegalArgumentException("node must be in [0, " + size + "), was " + node);
    }
    return starts[tree] + node;
  }

  /**
   * What nodes see of their own tree: a mask for each, empty where a plain causal one serves, and
   * after those as many again for blocks with a window, where there are such.
   *
   * @param window of these blocks, 0 where there are none
   */
  List<NDArray> masks(PtNDManager scratch, int window) {
    List<NDArray> masks = new ArrayList<>();
    NDArray none = scratch.create(new Shape(0), DataType.FLOAT32);
    for (TokenTree tree : trees) {
      masks.add(tree.isChain() ? none : mask(scratch, tree, tree.size()));
    }
    if (window > 0) {
      for (TokenTree tree : trees) {
        masks.add(tree.isChain() ? none : mask(scratch, tree, window));
      }
    }
    return masks;
  }

  /** 0 where a node (row) sees itself or one of its nearest ancestors; -inf elsewhere. */
  private static NDArray mask(PtNDManager scratch, TokenTree tree, int seen) {
    int n = tree.size();
    float[] mask = new float[n * n];
    Arrays.fill(mask, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < n; i++) {
      int node = i;
      for (int steps = 0; node >= 0 && steps < seen; steps++) {
        mask[i * n + node] = 0;
        node = tree.parent(node);
      }
    }
    return scratch.create(mask, new Shape(n, n));
  }
}
