package io.kerf.text;

import static io.kerf.text.TokenizerJson.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * SentencePiece's byte pair encoding (arXiv 1808.06226): characters are merged by the scores of
 * what they become, and one that is no token is spelled by its bytes.
 *
 * @param space how the vocabulary spells a space: "▁", or " " itself
 * @param spacePrefix whether a space is put before a text that is not empty
 */
record SentencePiece(String space, boolean spacePrefix) {
  /**
   * The definition.
   *
   * @param origin the file, for errors
   * @param ids every token's id
   * @param scores by id
   * @param unknown the unknown token, or null
   * @param addedTokens see {@link TokenizerJson#addedToken}
   * @param template what is put around a text, or null
   */
  String json(
      String origin,
      Map<String, Integer> ids,
      float[] scores,
      String unknown,
      List<Object> addedTokens,
      Object template) {
    List<Object> normalizers = new ArrayList<>();
    List<Object> decoders = new ArrayList<>();
    if (spacePrefix) {
      normalizers.add(object("type", "Prepend", "prepend", space));
    }
    if (!space.equals(" ")) {
      normalizers.add(replace(" ", space));
      decoders.add(replace(space, " "));
    }
    decoders.add(object("type", "ByteFallback"));
    decoders.add(object("type", "Fuse"));
    if (spacePrefix) {
      decoders.add(object("type", "Strip", "content", " ", "start", 1, "stop", 0));
    }
    return TokenizerJson.write(
        addedTokens,
        object("type", "Sequence", "normalizers", normalizers),
        null,
        template,
        object("type", "Sequence", "decoders", decoders),
        TokenizerJson.bytePairs(ids, unknown, ScoredMerges.of(origin, ids, scores), true, false));
  }

  private static Map<String, Object> replace(String what, String by) {
    return object("type", "Replace", "pattern", object("String", what), "content", by);
  }
}
