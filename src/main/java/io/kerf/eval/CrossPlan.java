package io.kerf.eval;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How an encoder-decoder computes texts after contexts: each context once, a text that another
 * begins with along with that other, in batches of about the same number of tokens.
 *
 * @param batches in the order in which they run
 */
record CrossPlan(List<Batch> batches) {
  CrossPlan {
    batches = List.copyOf(batches);
  }

  /**
   * What is wanted of the model.
   *
   * @param context what the encoder reads
   * @param decoded what the decoder has written after its start token
   */
  record Text(Tokens context, Tokens decoded) {}

  /**
   * What is computed for some texts of one context.
   *
   * @param texts the last of them is the longest and begins with all others
   */
  record Sequence(List<Text> texts) {
    static Sequence of(Text text) {
      return new Sequence(List.of(text));
    }

    Tokens context() {
      return texts.get(0).context();
    }

    Tokens decoded() {
      return texts.get(texts.size() - 1).decoded();
    }

    /** With the decoder's start token. */
    int tokens() {
      return context().size() + decodedTokens();
    }

    int decodedTokens() {
      return decoded().size() + 1;
    }
  }

  /** What is computed at once; sequences of one context stand side by side. */
  record Batch(List<Sequence> sequences) {
    /** Contexts that are shared count once. */
    int tokens() {
      int tokens = 0;
      Tokens last = Tokens.NONE;
      for (Sequence sequence : sequences) {
        tokens += sequence.context().equals(last) ? 0 : sequence.context().size();
        tokens += sequence.decodedTokens();
        last = sequence.context();
      }
      return tokens;
    }
  }

  /**
   * A plan of distinct texts.
   *
   * @param batchTokens about how many tokens are computed at once; 0 for every text alone
   */
  static CrossPlan of(Collection<Text> texts, int batchTokens) {
    if (batchTokens == 0) {
      return new CrossPlan(
          texts.stream().map(text -> new Batch(List.of(Sequence.of(text)))).toList());
    }
    Map<Tokens, List<Text>> byContext = new LinkedHashMap<>();
    texts.forEach(t -> byContext.computeIfAbsent(t.context(), c -> new ArrayList<>()).add(t));
    List<List<Text>> groups = new ArrayList<>(byContext.values());
    groups.sort(Comparator.comparingInt(group -> group.get(0).context().size()));
    List<Batch> batches = new ArrayList<>();
    List<Sequence> filled = new ArrayList<>();
    int tokens = 0;
    for (List<Text> group : groups) {
      List<Sequence> sequences = sequences(group);
      int more = new Batch(sequences).tokens();
      if (!filled.isEmpty() && tokens + more > batchTokens) {
        batches.add(new Batch(List.copyOf(filled)));
        filled.clear();
        tokens = 0;
      }
      filled.addAll(sequences);
      tokens += more;
    }
    if (!filled.isEmpty()) {
      batches.add(new Batch(List.copyOf(filled)));
    }
    return new CrossPlan(batches);
  }

  /** In lexicographic order a text stands before those that begin with it. */
  private static List<Sequence> sequences(List<Text> ofOneContext) {
    TreeSet<Text> sorted = new TreeSet<>(Comparator.comparing(Text::decoded));
    sorted.addAll(ofOneContext);
    List<Sequence> sequences = new ArrayList<>();
    List<Text> nested = new ArrayList<>();
    for (Text text : sorted) {
      if (!nested.isEmpty()
          && !text.decoded().startsWith(nested.get(nested.size() - 1).decoded())) {
        sequences.add(new Sequence(List.copyOf(nested)));
        nested.clear();
      }
      nested.add(text);
    }
    sequences.add(new Sequence(List.copyOf(nested)));
    return sequences;
  }
}
