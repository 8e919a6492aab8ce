package io.kerf.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What spans read, in lexicographic order: neighbours are those that share most. A member is an
 * index into that order.
 */
final class SortedSpans {
  private final List<Span> spans;
  private final Integer[] order;
  private final Tokens[] inputs; // in that order

  SortedSpans(List<Span> spans) {
    this.spans = spans;
    Tokens[] unsorted = spans.stream().map(Span::inputs).toArray(Tokens[]::new);
    order = new Integer[unsorted.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing((Integer i) -> unsorted[i]));
    inputs = Arrays.stream(order).map(i -> unsorted[i]).toArray(Tokens[]::new);
  }

  int[] all() {
    int[] members = new int[inputs.length];
    Arrays.setAll(members, i -> i);
    return members;
  }

  Tokens input(int member) {
    return inputs[member];
  }

  /** The span's place among all spans as they came. */
  int index(int member) {
    return order[member];
  }

  Span span(int member) {
    return spans.get(order[member]);
  }

  /** How many tokens two members have in common at their beginning. */
  int shared(int member, int other) {
    return inputs[member].shared(inputs[other]);
  }

  /** How many tokens members read after the first {@code from}, which all share; each once. */
  long tokens(int[] members, int from) {
    long tokens = 0;
    for (int m = 0; m < members.length; m++) {
      int known = m == 0 ? from : Math.max(from, shared(members[m - 1], members[m]));
      tokens += inputs[members[m]].size() - known;
    }
    return tokens;
  }

  /**
   * Members that go into one tree.
   *
   * @param members in order
   * @param shared how many tokens each has in common with the one before it, the first with none
   * @param size of the tree
   */
  record Cut(int[] members, int[] shared, int size) {}

  /**
   * Cuts members into trees.
   *
   * @param from tokens that stand before the trees, the same ones in all members
   * @param batchTokens see {@link #joins}
   */
  List<Cut> cut(int[] members, int from, int batchTokens) {
    List<Cut> cuts = new ArrayList<>();
    for (int at = 0; at < members.length; ) {
      int begin = at;
      int longest = inputs[members[at]].size() - from;
      int size = longest;
      List<Integer> shares = new ArrayList<>(List.of(from));
      for (at++; at < members.length; at++) {
        int next = inputs[members[at]].size() - from;
        int shared = shared(members[at - 1], members[at]) - from;
        longest = Math.max(longest, next);
        if (!joins(next, shared, size, longest, batchTokens)) {
          break;
        }
        size += next - shared;
        shares.add(shared + from);
      }
      int[] shared = shares.stream().mapToInt(Integer::intValue).toArray();
      cuts.add(new Cut(Arrays.copyOfRange(members, begin, at), shared, size));
    }
    return cuts;
  }

  /**
   * Whether a sequence is worth a place in a tree: it must share a quarter of itself, or what is
   * saved is less than the wider attention costs. A tree may outgrow a batch only by half of its
   * longest sequence, so that a long context still keeps its choices.
   */
  private static boolean joins(int next, int shared, int size, int longest, int batchTokens) {
    return shared > 0
        && 4L * shared >= next
        && size + next - shared <= Math.max(batchTokens, longest * 3L / 2);
  }
}
