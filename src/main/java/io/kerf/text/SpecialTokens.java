package io.kerf.text;

import io.kerf.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Which tokens have a special part, as the vocabulary spells them; null where there is none.
 *
 * @param bos beginning of sequence
 * @param eos end of sequence
 * @param pad padding
 * @param mask what a masked model fills in
 * @param unknown what stands for what the vocabulary lacks
 */
record SpecialTokens(String bos, String eos, String pad, String mask, String unknown) {
  /** Where a folder names them, the first that does being right. */
  static final List<String> FILES = List.of("tokenizer_config.json", "special_tokens_map.json");

  private static final String GPT2_END = "<|endoftext|>";

  /**
   * As {@code tokenizer_config.json} and {@code special_tokens_map.json} of a folder say. Folders
   * where neither names any (those of BERT and GPT-2, among others) mean the usual spellings, if
   * the vocabulary has them.
   */
  static SpecialTokens read(Path folder, Vocabulary vocabulary) {
    List<Json> documents =
        FILES.stream().map(folder::resolve).filter(Files::exists).map(Json::read).toList();
    SpecialTokens named = named(key -> token(documents, key));
    if (named.equals(named(key -> null))) {
      return usual(vocabulary);
    }
    // transformers' byte-level classes have an unknown token even where no file names it.
    String kind = token(documents, "tokenizer_class");
    boolean byteLevel =
        kind != null && (kind.startsWith("GPT2Tokenizer") || kind.startsWith("Qwen2Tokenizer"));
    return byteLevel && named.unknown() == null
        ? new SpecialTokens(named.bos(), named.eos(), named.pad(), named.mask(), GPT2_END)
        : named;
  }

  private static SpecialTokens named(Function<String, String> token) {
    return new SpecialTokens(
        token.apply("bos_token"),
        token.apply("eos_token"),
        token.apply("pad_token"),
        token.apply("mask_token"),
        token.apply("unk_token"));
  }

  private static String token(List<Json> documents, String key) {
    for (Json document : documents) {
      Json value = document.at(key);
      if (value.present()) {
        return value.isObject() ? value.at("content").text() : value.text();
      }
    }
    return null;
  }

  private static SpecialTokens usual(Vocabulary vocabulary) {
    return new SpecialTokens(
        firstOf(vocabulary, "<s>", "<bos>", GPT2_END),
        firstOf(vocabulary, "</s>", "<eos>", GPT2_END),
        firstOf(vocabulary, "[PAD]", "<pad>"),
        firstOf(vocabulary, "[MASK]", "<mask>"),
        firstOf(vocabulary, "[UNK]", "<unk>", GPT2_END));
  }

  private static String firstOf(Vocabulary vocabulary, String... spellings) {
    for (String spelling : spellings) {
      if (vocabulary.id(spelling).isPresent()) {
        return spelling;
      }
    }
    return null;
  }

  /**
   * The {@code tokenizer_config.json} of a tokenizer that came without.
   *
   * @param kind transformers' class: "BertTokenizer"
   * @param more further fields: key, value, key, value
   */
  Map<String, String> settings(String kind, Object... more) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tokenizer_class", kind);
    json.put("bos_token", bos);
    json.put("eos_token", eos);
    json.put("pad_token", pad);
    json.put("mask_token", mask);
    json.put("unk_token", unknown);
    json.values().removeIf(Objects::isNull);
    json.put("clean_up_tokenization_spaces", false);
    json.putAll(TokenizerJson.object(more));
    return Map.of(FILES.get(0), Json.writePretty(json));
  }
}
