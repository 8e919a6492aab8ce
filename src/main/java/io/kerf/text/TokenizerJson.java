package io.kerf.text;

import io.kerf.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** Writes the text of a {@code tokenizer.json} for vocabularies that come in other files. */
final class TokenizerJson {
  private TokenizerJson() {}

  /** A whole definition; any part but the model may be null. */
  static String write(
      List<Object> addedTokens,
      Object normalizer,
      Object preTokenizer,
      Object postProcessor,
      Object decoder,
      Object model) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("truncation", null);
    json.put("padding", null);
    json.put("added_tokens", addedTokens);
    json.put("normalizer", normalizer);
    json.put("pre_tokenizer", preTokenizer);
    json.put("post_processor", postProcessor);
    json.put("decoder", decoder);
    json.put("model", model);
    return Json.write(json);
  }

  /** An object of these fields, in this order: key, value, key, value. */
  static Map<String, Object> object(Object... fields) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      object.put((String) fields[i], fields[i + 1]);
    }
    return object;
  }

  /**
   * A byte pair encoding.
   *
   * @param merges pairs of tokens, the first to be merged first
   * @param byteFallback whether a character that is no token is spelled by its bytes' tokens
   * @param wholeWordsFirst whether a word that is itself a token is taken whole
   */
  static Map<String, Object> bytePairs(
      Map<String, Integer> ids,
      String unknown,
      List<List<String>> merges,
      boolean byteFallback,
      boolean wholeWordsFirst) {
    return object(
        "type",
        "BPE",
        "dropout",
        null,
        "unk_token",
        unknown,
        "continuing_subword_prefix",
        null,
        "end_of_word_suffix",
        null,
        "fuse_unk",
        byteFallback,
        "byte_fallback",
        byteFallback,
        "ignore_merges",
        wholeWordsFirst,
        "vocab",
        ids,
        "merges",
        merges);
  }

  /** A token that is found in a text before anything else looks at it. */
  static Map<String, Object> addedToken(int id, String content, boolean special) {
    return object(
        "id", id,
        "content", content,
        "single_word", false,
        "lstrip", false,
        "rstrip", false,
        "normalized", false,
        "special", special);
  }

  /**
   * What is put around one text and around two: pieces "[CLS]:0", "$A:0", "$B:1", each a token or a
   * text and its segment.
   */
  static Map<String, Object> template(
      ToIntFunction<String> id, List<String> single, List<String> pair) {
    Map<String, Object> tokens = new TreeMap<>();
    for (String piece : pair) {
      if (!piece.startsWith("$")) {
        String token = piece.substring(0, piece.lastIndexOf(':'));
        tokens.put(
            token,
            object("id", token, "ids", List.of(id.applyAsInt(token)), "tokens", List.of(token)));
      }
    }
    return object(
        "type",
        "TemplateProcessing",
        "single",
        single.stream().map(TokenizerJson::piece).toList(),
        "pair",
        pair.stream().map(TokenizerJson::piece).toList(),
        "special_tokens",
        tokens);
  }

  private static Map<String, Object> piece(String piece) {
    int colon = piece.lastIndexOf(':');
    int segment = Integer.parseInt(piece.substring(colon + 1));
    return piece.startsWith("$")
        ? object("Sequence", object("id", piece.substring(1, colon), "type_id", segment))
        : object("SpecialToken", object("id", piece.substring(0, colon), "type_id", segment));
  }
}
