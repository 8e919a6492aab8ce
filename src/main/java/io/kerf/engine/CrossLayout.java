package io.kerf.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where a batch's sequences lie, end to end and without padding: each distinct context once, by
 * length, and the decoder's sequences, those of one context side by side.
 */
final class CrossLayout {
  private final List<int[]> contexts = new ArrayList<>(); // distinct, by length
  private final int[] firstRows; // of each input's decoder sequence
  private final int[] decoderIds;
  private final EqualLengths decoderRuns;
  private final int longestDecoded;
  private final int[] rows; // where the decoder rows of each context begin, and the end of the last
  private final int[] begins; // where each context's encoder rows begin
  private final int[] ends;

  CrossLayout(List<EncoderDecoderSession.Input> batch) {
    Map<List<Integer>, List<Integer>> byContext = new LinkedHashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      List<Integer> context = IntStream.of(batch.get(i).context()).boxed().toList();
      byContext.computeIfAbsent(context, c -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> groups = new ArrayList<>(byContext.values()); // of inputs
    groups.sort(Comparator.comparingInt(group -> batch.get(group.get(0)).context().length));
    firstRows = new int[batch.size()];
    rows = new int[groups.size() + 1];
    begins = new int[groups.size()];
    ends = new int[groups.size()];
    List<int[]> decoded = new ArrayList<>();
    int encoderRow = 0;
    int decoderRow = 0;
    for (int g = 0; g < groups.size(); g++) {
      int[] context = batch.get(groups.get(g).get(0)).context();
      contexts.add(context);
      begins[g] = encoderRow;
      encoderRow += context.length;
      ends[g] = encoderRow;
      rows[g] = decoderRow;
      groups.get(g).sort(Comparator.comparingInt(i -> batch.get(i).decoded().length));
      for (int i : groups.get(g)) {
        firstRows[i] = decoderRow;
        decoded.add(batch.get(i).decoded());
        decoderRow += batch.get(i).decoded().length;
      }
    }
    rows[groups.size()] = decoderRow;
    decoderIds = decoded.stream().flatMapToInt(IntStream::of).toArray();
    decoderRuns = EqualLengths.of(lengths(decoded));
    longestDecoded = longest(decoded);
  }

  private static int[] lengths(List<int[]> sequences) {
    return sequences.stream().mapToInt(ids -> ids.length).toArray();
  }

  private static int longest(List<int[]> sequences) {
    return IntStream.of(lengths(sequences)).max().orElse(0);
  }

  /** Every context once, shortest first. */
  List<int[]> contexts() {
    return contexts;
  }

  /** The contexts' tokens, end to end. */
  int[] encoderIds() {
    return contexts.stream().flatMapToInt(IntStream::of).toArray();
  }

  EqualLengths encoderRuns() {
    return EqualLengths.of(lengths(contexts));
  }

  int longestContext() {
    return longest(contexts);
  }

  /** The decoder's tokens, end to end. */
  int[] decoderIds() {
    return decoderIds;
  }

  int longestDecoded() {
    return longestDecoded;
  }

  /** Where the decoder's token at that position of an input lies. */
  int row(int input, int position) {
    return firstRows[input] + position;
  }

  /** The decoder's side as the page's methods take it. */
  Object[] arguments() {
    return Weights.concat(decoderRuns.arguments(), rows, begins, ends);
  }
}
