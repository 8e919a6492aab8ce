package io.kerf.text;

import static io.kerf.text.TokenizerJson.addedToken;
import static io.kerf.text.TokenizerJson.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * BERT's {@code vocab.txt}: one word piece a line, whose number is its id; "##" marks a piece that
 * continues a word (arXiv 1810.04805).
 */
final class WordPieceVocabulary {
  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private final Map<String, Integer> ids; // in the file's order
  private final String origin;

  private WordPieceVocabulary(Map<String, Integer> ids, String origin) {
    this.ids = ids;
    this.origin = origin;
    for (String needed : List.of("[UNK]", "[CLS]", "[SEP]")) {
      if (!ids.containsKey(needed)) {
        throw new IllegalArgumentException(
            origin + " has no line " + needed + ": it is not the vocabulary of a BERT model");
      }
    }
  }

  /**
   * @param lines the file's text
   * @param origin how errors name the file
   */
  static WordPieceVocabulary of(String lines, String origin) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    // Not String.lines(): some vocabularies have a lone carriage return or U+2028 as a token.
    for (String line : lines.replaceFirst("\r?\n\\z", "").split("\n", -1)) {
      int id = ids.size();
      String token = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      Integer before = ids.put(token, id);
      if (before != null) {
        throw new IllegalArgumentException(
            origin + ":" + (id + 1) + ": '" + token + "' is already on line " + (before + 1));
      }
    }
    return new WordPieceVocabulary(ids, origin);
  }

  /** Whether a word, not a special token, has a capital letter. */
  boolean hasCapitals() {
    return ids.keySet().stream()
        .filter(token -> !(token.startsWith("[") && token.endsWith("]")))
        .anyMatch(token -> token.chars().anyMatch(c -> c >= 'A' && c <= 'Z'));
  }

  Tokenizer tokenizer(boolean lowercase) {
    List<Object> added = new ArrayList<>();
    for (String token : SPECIAL) {
      if (ids.containsKey(token)) {
        added.add(addedToken(ids.get(token), token, true));
      }
    }
    String json =
        TokenizerJson.write(
            added,
            object(
                "type",
                "BertNormalizer",
                "clean_text",
                true,
                "handle_chinese_chars",
                true,
                "strip_accents",
                null, // as lowercase says
                "lowercase",
                lowercase),
            object("type", "BertPreTokenizer"),
            TokenizerJson.template(
                ids::get,
                List.of("[CLS]:0", "$A:0", "[SEP]:0"),
                List.of("[CLS]:0", "$A:0", "[SEP]:0", "$B:1", "[SEP]:1")),
            object("type", "WordPiece", "prefix", "##", "cleanup", true),
            object(
                "type", "WordPiece",
                "unk_token", "[UNK]",
                "continuing_subword_prefix", "##",
                "max_input_chars_per_word", 100,
                "vocab", ids));
    SpecialTokens special = new SpecialTokens(null, null, "[PAD]", "[MASK]", "[UNK]");
    Map<String, String> settings =
        special.settings(
            "BertTokenizer",
            "cls_token",
            "[CLS]",
            "sep_token",
            "[SEP]",
            "do_lower_case",
            lowercase,
            "strip_accents",
            null,
            "tokenize_chinese_chars",
            true);
    return new FastTokenizer(json, origin, settings, v -> special);
  }
}
