package io.kerf.eval;

import io.kerf.engine.TokenTree;
import java.util.Arrays;

/**
 * A token trie that grows by sequences in lexicographic order, in which each shares most with the
 * one before it, until it is a {@link TokenTree}.
 */
final class TreeBuilder {
  private int[] tokens = new int[64];
  private int[] parents = new int[64];
  private int size;
  private int[] last = {}; // the nodes of the latest sequence

  /**
   * Adds what is new of a sequence and returns the node of each of its tokens.
   *
   * @param from its first tokens are left out
   * @param shared how many it has in common with the sequence before it, those left out among them
   */
  int[] add(Tokens sequence, int from, int shared) {
    int[] path = Arrays.copyOf(last, sequence.size() - from);
    for (int i = shared - from; i < path.length; i++) {
      path[i] = append(i == 0 ? -1 : path[i - 1], sequence.at(from + i));
    }
    last = path;
    return path;
  }

  TokenTree build() {
    return new TokenTree(Arrays.copyOf(tokens, size), Arrays.copyOf(parents, size));
  }

  private int append(int parent, int token) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
      parents = Arrays.copyOf(parents, 2 * size);
    }
    tokens[size] = token;
    parents[size] = parent;
    return size++;
  }
}
