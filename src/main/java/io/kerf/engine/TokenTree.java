package io.kerf.engine;

import java.util.Arrays;

/**
 * Token sequences that share their beginnings, each shared token held once: the plan of what a
 * decoder must compute. A single sequence is a tree without forks.
 *
 * <p>Node i holds {@code tokens[i]}, follows {@code parents[i]} (which is less than i; -1 begins a
 * sequence) and stands at the position that is its depth. It sees itself and its ancestors.
 */
public final class TokenTree {
  private final int[] tokens;
  private final int[] parents;
  private final int[] depths;
  private final boolean chain;

  /** A tree of these nodes, parents before children. */
  public TokenTree(int[] tokens, int[] parents) {
    if (tokens.length != parents.length) {
      throw new IllegalArgumentException(
          "a tree of " + tokens.length + " tokens needs as many parents, got " + parents.length);
    }
    this.tokens = tokens.clone();
    this.parents = parents.clone();
    this.depths = new int[tokens.length];
    boolean straight = true;
    for (int i = 0; i < tokens.length; i++) {
      if (parents[i] < -1 || parents[i] >= i) {
        throw new IllegalArgumentException(
            "parent of node " + i + " must be in [-1, " + i + "), was " + parents[i]);
      }
      depths[i] = parents[i] < 0 ? 0 : depths[parents[i]] + 1;
      straight &= parents[i] == i - 1;
    }
    this.chain = straight;
  }

  /** One sequence. */
  public static TokenTree chain(int... tokens) {
    int[] parents = new int[tokens.length];
    Arrays.setAll(parents, i -> i - 1);
    return new TokenTree(tokens, parents);
  }

  /** How many nodes, which is how many tokens are computed. */
  public int size() {
    return tokens.length;
  }

  public int token(int node) {
    return tokens[node];
  }

  public int parent(int node) {
    return parents[node];
  }

  /** The node's position in its sequence, from 0. */
  public int depth(int node) {
    return depths[node];
  }

  /** Whether this is one sequence, so that a plain causal mask serves. */
  public boolean isChain() {
    return chain;
  }
}
