package io.kerf.eval;

import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.TokenTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How a causal model computes spans: each token that several share once, in batches of about the
 * same number of tokens.
 *
 * @param batches in the order in which they run
 */
record CausalPlan(List<Batch> batches) {
  CausalPlan {
    batches = List.copyOf(batches);
  }

  /**
   * What is computed at once.
   *
   * @param spans the indices of the spans it answers
   * @param targets of these spans, one span's after another's
   */
  record Batch(List<TokenTree> trees, List<Integer> spans, List<Target> targets) {
    int tokens() {
      return trees.stream().mapToInt(TokenTree::size).sum();
    }
  }

  /** Trees that belong together and the spans that run through them. */
  private record Grove(TokenTree tree, List<Integer> spans, List<int[]> paths) {
    int firstSpan() {
      return spans.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }
  }

  /** Every span alone, as it comes: what a plan is measured against. */
  static CausalPlan unplanned(List<Span> spans) {
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      TreeBuilder chain = new TreeBuilder();
      int[] path = chain.add(spans.get(i).inputs());
      batches.add(batch(List.of(new Grove(chain.build(), List.of(i), List.of(path))), spans));
    }
    return new CausalPlan(batches);
  }

  /**
   * A plan of distinct spans.
   *
   * @param batchTokens about how many tokens are computed at once; a tree of more goes alone
   */
  static CausalPlan of(List<Span> spans, int batchTokens) {
    List<List<Grove>> packed = pack(groves(spans, batchTokens), batchTokens);
    // About the data's order, so that what an interrupt leaves is about the first documents.
    packed.sort(
        Comparator.comparingInt(
            batch -> batch.stream().mapToInt(Grove::firstSpan).min().orElseThrow()));
    return new CausalPlan(packed.stream().map(batch -> batch(batch, spans)).toList());
  }

  /** Puts spans into trees: in lexicographic order the neighbours are those that share most. */
  private static List<Grove> groves(List<Span> spans, int batchTokens) {
    Tokens[] inputs = spans.stream().map(Span::inputs).toArray(Tokens[]::new);
    Integer[] order = new Integer[inputs.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing((Integer i) -> inputs[i]));
    List<Grove> groves = new ArrayList<>();
    for (int at = 0; at < order.length; ) {
      TreeBuilder tree = new TreeBuilder();
      List<Integer> members = new ArrayList<>();
      List<int[]> paths = new ArrayList<>();
      int longest = 0;
      do {
        Tokens next = inputs[order[at]];
        longest = Math.max(longest, next.size());
        paths.add(tree.add(next));
        members.add(order[at++]);
      } while (at < order.length && joins(tree, inputs[order[at]], longest, batchTokens));
      groves.add(new Grove(tree.build(), members, paths));
    }
    return groves;
  }

  /**
   * Whether a sequence is worth a place in a tree: it must share a quarter of itself, or what is
   * saved is less than the wider attention costs. A tree may outgrow a batch only by half of its
   * longest sequence, so that a long context still keeps its choices.
   */
  private static boolean joins(TreeBuilder tree, Tokens next, int longest, int batchTokens) {
    int shared = tree.shared(next);
    int grown = tree.size() + next.size() - shared;
    return 4 * shared >= next.size()
        && shared > 0
        && grown <= Math.max(batchTokens, Math.max(longest, next.size()) * 3 / 2);
  }

  /** First fit, largest first: batches of even size. */
  private static List<List<Grove>> pack(List<Grove> groves, int batchTokens) {
    List<List<Grove>> batches = new ArrayList<>();
    List<Integer> filled = new ArrayList<>();
    List<Grove> bySize = new ArrayList<>(groves);
    bySize.sort(
        Comparator.comparingInt((Grove g) -> -g.tree().size()).thenComparingInt(Grove::firstSpan));
    for (Grove grove : bySize) {
      int size = grove.tree().size();
      int fits = 0;
      while (fits < batches.size() && filled.get(fits) + size > batchTokens) {
        fits++;
      }
      if (fits == batches.size()) {
        batches.add(new ArrayList<>());
        filled.add(0);
      }
      batches.get(fits).add(grove);
      filled.set(fits, filled.get(fits) + size);
    }
    return batches;
  }

  private static Batch batch(List<Grove> groves, List<Span> spans) {
    List<TokenTree> trees = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (Grove grove : groves) {
      for (int m = 0; m < grove.spans().size(); m++) {
        Span span = spans.get(grove.spans().get(m));
        int[] path = grove.paths().get(m);
        for (int t = 0; t < span.scored().size(); t++) {
          int node = path[span.firstScoredAfter() + t];
          targets.add(new Target(trees.size(), node, span.scored().at(t)));
        }
      }
      members.addAll(grove.spans());
      trees.add(grove.tree());
    }
    return new Batch(trees, members, targets);
  }
}
