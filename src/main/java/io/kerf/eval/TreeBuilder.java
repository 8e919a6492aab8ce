package io.kerf.eval;

import io.kerf.engine.TokenTree;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A token trie that grows by sequences until it is a {@link TokenTree}. */
final class TreeBuilder {
  private final Map<Long, Integer> children = new HashMap<>(); // (parent, token) -> node
  private int[] tokens = new int[64];
  private int[] parents = new int[64];
  private int size;

  int size() {
    return size;
  }

  /** How many of the sequence's first tokens are here already. */
  int shared(Tokens sequence) {
    int node = -1;
    for (int i = 0; i < sequence.size(); i++) {
      Integer next = children.get(key(node, sequence.at(i)));
      if (next == null) {
        return i;
      }
      node = next;
    }
    return sequence.size();
  }

  /** Adds what is new of a sequence and returns the node of each of its tokens. */
  int[] add(Tokens sequence) {
    int[] path = new int[sequence.size()];
    int node = -1;
    for (int i = 0; i < path.length; i++) {
      int parent = node;
      int token = sequence.at(i);
      node = children.computeIfAbsent(key(parent, token), k -> append(parent, token));
      path[i] = node;
    }
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

  private static long key(int parent, int token) {
    return (long) parent << 32 | token;
  }
}
