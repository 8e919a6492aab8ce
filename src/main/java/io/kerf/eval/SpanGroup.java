package io.kerf.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Spans that follow one kept beginning, and groups within it whose beginnings extend that one. The
 * groups make a tree, so that at any time what is kept lies on one path of it: never more than the
 * keys and values of a single sequence.
 */
final class SpanGroup {
  /** A shorter beginning is not worth a step of its own. */
  private static final int SHORTEST = 16;

  /** A beginning is kept if that saves this part of a batch, which is what a step costs at most. */
  private static final int WORTH = 4;

  private final Beginning beginning; // null: none
  private final List<Integer> members = new ArrayList<>();
  private final List<SpanGroup> inner = new ArrayList<>();

  private SpanGroup(Beginning beginning) {
    this.beginning = beginning;
  }

  /** All spans as one group without a beginning. */
  static SpanGroup plain(SortedSpans spans) {
    SpanGroup group = new SpanGroup(null);
    group.take(spans.all());
    return group;
  }

  /**
   * All spans, grouped by the beginnings that are worth keeping: those of more spans than fit one
   * batch, where computing them again for every tree would cost more than a step of their own.
   */
  static SpanGroup of(SortedSpans spans, int batchTokens) {
    SpanGroup group = new SpanGroup(null);
    group.grow(spans, spans.all(), batchTokens);
    // What is left of a tree that lost members to a beginning may share less than before.
    SpanGroup plain = plain(spans);
    return group.tokens(spans, batchTokens) < plain.tokens(spans, batchTokens) ? group : plain;
  }

  /** What all of the group follow; null for nothing. */
  Beginning beginning() {
    return beginning;
  }

  /** Those that follow no longer beginning, in the order of {@link SortedSpans}. */
  int[] members() {
    return members.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  List<SpanGroup> inner() {
    return inner;
  }

  /** The first span, as they came, of this group and those within. */
  int firstSpan(SortedSpans spans) {
    return IntStream.concat(
            members.stream().mapToInt(spans::index),
            inner.stream().mapToInt(group -> group.firstSpan(spans)))
        .min()
        .orElseThrow();
  }

  /** How many are computed for all of the group, its beginnings once. */
  private long tokens(SortedSpans spans, int batchTokens) {
    int from = Beginning.length(beginning);
    long own = beginning == null ? 0 : beginning.own().size();
    return own
        + size(spans.cut(members(), from, batchTokens))
        + inner.stream().mapToLong(group -> group.tokens(spans, batchTokens)).sum();
  }

  private void take(int[] some) {
    Arrays.stream(some).forEach(members::add);
  }

  /** Finds a place for members, which share this group's beginning. */
  private void grow(SortedSpans spans, int[] some, int batchTokens) {
    int from = Beginning.length(beginning);
    if (some.length < 2 || spans.tokens(some, from) <= batchTokens) {
      take(some);
      return;
    }
    // Where a prediction is wanted after a token, that token is not kept but computed.
    int[] deep = some;
    int shared = spans.shared(deep[0], deep[deep.length - 1]);
    for (int kept = -1; deep.length > 1 && kept != deep.length; ) {
      kept = deep.length;
      int depth = shared;
      IntPredicate sooner = m -> spans.span(m).firstScoredAfter() < depth;
      take(IntStream.of(deep).filter(sooner).toArray());
      deep = IntStream.of(deep).filter(sooner.negate()).toArray();
      shared = deep.length == 0 ? 0 : spans.shared(deep[0], deep[deep.length - 1]);
    }
    if (deep.length < 2) {
      take(deep);
    } else if (shared - from >= SHORTEST && worth(spans, deep, from, shared, batchTokens)) {
      Tokens own = spans.input(deep[0]).slice(from, shared);
      SpanGroup group = new SpanGroup(new Beginning(beginning, own));
      inner.add(group);
      group.grow(spans, deep, batchTokens);
    } else {
      for (int at = 0; at < deep.length; ) {
        int begin = at;
        int branch = spans.input(deep[at]).at(shared);
        while (at < deep.length && spans.input(deep[at]).at(shared) == branch) {
          at++;
        }
        grow(spans, Arrays.copyOfRange(deep, begin, at), batchTokens);
      }
    }
  }

  /** Whether trees that follow the first {@code shared} tokens are so much smaller. */
  private static boolean worth(
      SortedSpans spans, int[] some, int from, int shared, int batchTokens) {
    long again = size(spans.cut(some, from, batchTokens));
    long once = shared - from + size(spans.cut(some, shared, batchTokens));
    return again - once >= Math.max(1, batchTokens / WORTH);
  }

  private static long size(List<SortedSpans.Cut> cuts) {
    return cuts.stream().mapToLong(SortedSpans.Cut::size).sum();
  }
}
