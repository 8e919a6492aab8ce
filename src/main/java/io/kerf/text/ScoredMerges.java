package io.kerf.text;

import io.kerf.format.FormatException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The merges of a byte pair encoding whose file gives a score for each token instead
 * (SentencePiece, arXiv 1808.06226): every way to put a token together of two others, highest score
 * first.
 */
final class ScoredMerges {
  private static final int MAX_CHARACTERS = 256; // every cut of every token is tried

  private ScoredMerges() {}

  /**
   * @param origin the file, for errors
   * @param ids every token's id
   * @param scores by id
   * @return pairs of tokens, the first to be merged first
   */
  static List<List<String>> of(String origin, Map<String, Integer> ids, float[] scores) {
    record Merge(String left, String right, int leftId, int rightId, float score) {}
    List<Merge> merges = new ArrayList<>();
    ids.forEach(
        (token, id) -> {
          if (token.length() > MAX_CHARACTERS) {
            throw new FormatException(
                "%s: token %d has %d characters; a scored vocabulary's have at most %d"
                    .formatted(origin, id, token.length(), MAX_CHARACTERS));
          }
          for (int cut = 1; cut < token.length(); cut++) {
            if (Character.isLowSurrogate(token.charAt(cut))) {
              continue; // inside a character
            }
            String left = token.substring(0, cut);
            String right = token.substring(cut);
            if (ids.containsKey(left) && ids.containsKey(right)) {
              merges.add(new Merge(left, right, ids.get(left), ids.get(right), scores[id]));
            }
          }
        });
    merges.sort(
        Comparator.comparing(Merge::score, Comparator.reverseOrder())
            .thenComparing(Merge::leftId)
            .thenComparing(Merge::rightId));
    return merges.stream().map(merge -> List.of(merge.left(), merge.right())).toList();
  }
}
