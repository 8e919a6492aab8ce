package io.kerf.eval;

import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.TokenTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a causal model computes spans: each token that several share once, in batches of about the
 * same number of tokens, after beginnings that are kept for all that follow them.
 *
 * @param steps in the order in which they run
 */
record CausalPlan(List<Step> steps) {
  /** Groves of so many batches are packed at a time: enough to fill them, and the order is kept. */
  private static final int PACKED = 32;

  CausalPlan {
    steps = List.copyOf(steps);
  }

  /** Something that is computed at once, or given back. */
  sealed interface Step {
    default int tokens() {
      return 0;
    }
  }

  /** A beginning is computed, and kept. */
  record Keep(Beginning beginning) implements Step {
    @Override
    public int tokens() {
      return beginning.own().size();
    }
  }

  /** A beginning is needed no longer. */
  record Free(Beginning beginning) implements Step {}

  /**
   * Trees are computed.
   *
   * @param after what all of them follow, kept by then; null for nothing
   * @param spans the indices of the spans it answers
   * @param targets of these spans, one span's after another's
   */
  record Batch(Beginning after, List<TokenTree> trees, List<Integer> spans, List<Target> targets)
      implements Step {
    @Override
    public int tokens() {
      return trees.stream().mapToInt(TokenTree::size).sum();
    }

    /** After how many tokens something is predicted. */
    long positions() {
      return targets.stream().map(t -> (long) t.tree() << 32 | t.node()).distinct().count();
    }
  }

  /** Trees that belong together and the spans that run through them. */
  private record Grove(TokenTree tree, List<Integer> spans, List<int[]> paths) {
    int firstSpan() {
      return spans.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    int size() {
      return tree.size();
    }
  }

  /** Steps that belong together, and where in the data's order they stand. */
  private record Run(int firstSpan, List<Step> steps) {}

  /** Every span alone, as it comes: what a plan is measured against. */
  static CausalPlan unplanned(List<Span> spans) {
    List<Step> batches = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      TreeBuilder chain = new TreeBuilder();
      int[] path = chain.add(spans.get(i).inputs(), 0, 0);
      Grove grove = new Grove(chain.build(), List.of(i), List.of(path));
      batches.add(batch(null, List.of(grove), spans));
    }
    return new CausalPlan(batches);
  }

  /**
   * A plan of distinct spans.
   *
   * @param batchTokens about how many tokens are computed at once; a tree of more goes alone
   * @param keeps whether beginnings can be kept
   */
  static CausalPlan of(List<Span> spans, int batchTokens, boolean keeps) {
    if (spans.isEmpty()) {
      return new CausalPlan(List.of());
    }
    SortedSpans sorted = new SortedSpans(spans);
    SpanGroup all = keeps ? SpanGroup.of(sorted, batchTokens) : SpanGroup.plain(sorted);
    return new CausalPlan(steps(all, sorted, spans, batchTokens));
  }

  /** About in the data's order, so that what an interrupt leaves is about the first documents. */
  private static List<Step> steps(
      SpanGroup group, SortedSpans sorted, List<Span> spans, int batchTokens) {
    List<Run> runs = new ArrayList<>();
    Beginning after = group.beginning();
    for (List<Grove> packed : pack(groves(group, sorted, batchTokens), batchTokens)) {
      int first = packed.stream().mapToInt(Grove::firstSpan).min().orElseThrow();
      runs.add(new Run(first, List.of(batch(after, packed, spans))));
    }
    for (SpanGroup inner : group.inner()) {
      runs.add(new Run(inner.firstSpan(sorted), steps(inner, sorted, spans, batchTokens)));
    }
    runs.sort(Comparator.comparingInt(Run::firstSpan));
    List<Step> steps = new ArrayList<>();
    if (after != null) {
      steps.add(new Keep(after));
    }
    runs.forEach(run -> steps.addAll(run.steps()));
    if (after != null) {
      steps.add(new Free(after));
    }
    return steps;
  }

  /** The trees of a group's own members, the first documents' first. */
  private static List<Grove> groves(SpanGroup group, SortedSpans sorted, int batchTokens) {
    int from = Beginning.length(group.beginning());
    List<Grove> groves = new ArrayList<>();
    for (SortedSpans.Cut cut : sorted.cut(group.members(), from, batchTokens)) {
      TreeBuilder tree = new TreeBuilder();
      List<int[]> paths = new ArrayList<>();
      for (int m = 0; m < cut.members().length; m++) {
        paths.add(tree.add(sorted.input(cut.members()[m]), from, cut.shared()[m]));
      }
      List<Integer> members = IntStream.of(cut.members()).map(sorted::index).boxed().toList();
      groves.add(new Grove(tree.build(), members, paths));
    }
    groves.sort(Comparator.comparingInt(Grove::firstSpan));
    return groves;
  }

  /** Some batches' worth of groves after the other. */
  private static List<List<Grove>> pack(List<Grove> groves, int batchTokens) {
    List<List<Grove>> batches = new ArrayList<>();
    for (int at = 0; at < groves.size(); ) {
      int begin = at;
      long tokens = 0;
      while (at < groves.size() && tokens < (long) PACKED * batchTokens) {
        tokens += groves.get(at++).size();
      }
      batches.addAll(firstFit(groves.subList(begin, at), batchTokens));
    }
    return batches;
  }

  /** First fit, largest first: batches of even size. */
  private static List<List<Grove>> firstFit(List<Grove> groves, int batchTokens) {
    List<List<Grove>> batches = new ArrayList<>();
    List<Integer> filled = new ArrayList<>();
    List<Grove> bySize = new ArrayList<>(groves);
    bySize.sort(Comparator.comparingInt((Grove g) -> -g.size()).thenComparingInt(Grove::firstSpan));
    for (Grove grove : bySize) {
      int fits = 0;
      while (fits < batches.size() && filled.get(fits) + grove.size() > batchTokens) {
        fits++;
      }
      if (fits == batches.size()) {
        batches.add(new ArrayList<>());
        filled.add(0);
      }
      batches.get(fits).add(grove);
      filled.set(fits, filled.get(fits) + grove.size());
    }
    return batches;
  }

  private static Batch batch(Beginning after, List<Grove> groves, List<Span> spans) {
    List<TokenTree> trees = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    int from = Beginning.length(after);
    for (Grove grove : groves) {
      for (int m = 0; m < grove.spans().size(); m++) {
        Span span = spans.get(grove.spans().get(m));
        int[] path = grove.paths().get(m);
        for (int t = 0; t < span.scored().size(); t++) {
          int node = path[span.firstScoredAfter() - from + t];
          targets.add(new Target(trees.size(), node, span.scored().at(t)));
        }
      }
      members.addAll(grove.spans());
      trees.add(grove.tree());
    }
    return new Batch(after, List.copyOf(trees), List.copyOf(members), List.copyOf(targets));
  }
}
