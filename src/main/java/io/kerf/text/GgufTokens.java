package io.kerf.text;

import io.kerf.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A tokenizer as the {@code tokenizer.ggml.*} fields of a GGUF file: the inverse of {@link
 * GgufVocabulary}. One whose way of splitting a text GGUF has no name for is refused, since
 * llama.cpp would split it otherwise without a word.
 */
public final class GgufTokens {
  private static final int NORMAL = 1;
  private static final int UNKNOWN = 2;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;
  private static final int BYTE = 6;
  private static final String SPACE = "\u2581";

  private final Tokenizer tokenizer;
  private final Json json;
  private final Json model;
  private final Map<String, Integer> ids = new LinkedHashMap<>(); // of the model, no added token
  private final Set<String> special;
  private final Map<String, Integer> added = new LinkedHashMap<>();

  private GgufTokens(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.json = Json.parse(tokenizer.files().get(Tokenizers.DEFINITION), Tokenizers.DEFINITION);
    this.model = json.at("model");
    if (!model.at("type").optional().map(Json::text).orElse("").equals("BPE")) {
      throw refused("its model is " + model.at("type") + ", GGUF has byte pair encodings alone");
    }
    model.at("vocab").fields().forEach((token, id) -> ids.put(token, id.integer()));
    List<Json> entries =
        json.at("added_tokens").optional().map(Json::items).orElse(List.<Json>of());
    entries.forEach(each -> added.put(each.at("content").text(), each.at("id").integer()));
    this.special =
        entries.stream()
            .filter(each -> each.at("special").bool())
            .map(each -> each.at("content").text())
            .collect(Collectors.toSet());
  }

  /**
   * The fields.
   *
   * @param rows of the token embedding; where there are more than tokens, unused ones fill up
   * @throws IllegalArgumentException if GGUF cannot express it
   */
  public static Map<String, Object> of(Tokenizer tokenizer, int rows) {
    return new GgufTokens(tokenizer).fields(rows);
  }

  private Map<String, Object> fields(int rows) {
    boolean bytes = model.at("byte_fallback").optional().map(Json::bool).orElse(false);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", bytes ? "llama" : "gpt2");
    List<List<String>> merges = merges();
    if (!bytes) {
      fields.put("pre", pre());
    }
    List<String> tokens = tokens(rows);
    fields.put("tokens", tokens);
    fields.put("token_type", types(tokens, bytes));
    if (bytes) {
      fields.put("scores", scores(merges, rows));
      fields.put("add_space_prefix", spacePrefix());
    } else {
      fields.put("merges", merges.stream().map(pair -> String.join(" ", pair)).toList());
    }
    put(fields, "bos_token_id", tokenizer.bosId());
    put(fields, "eos_token_id", tokenizer.eosId());
    put(fields, "unknown_token_id", tokenizer.unknownId());
    put(fields, "padding_token_id", tokenizer.padId());
    around(fields);
    Map<String, Object> named = new LinkedHashMap<>();
    fields.forEach((key, value) -> named.put("tokenizer.ggml." + key, value));
    return named;
  }

  private static void put(Map<String, Object> fields, String key, OptionalInt id) {
    id.ifPresent(value -> fields.put(key, value));
  }

  private List<List<String>> merges() {
    List<List<String>> merges = new ArrayList<>();
    for (Json merge : model.at("merges").items()) {
      merges.add(merge.isText() ? List.of(merge.text().split(" ", 2)) : merge.texts());
    }
    return merges;
  }

  /** The name of the one way to split that is the tokenizer's own. */
  private String pre() {
    boolean whole = model.at("ignore_merges").optional().map(Json::bool).orElse(false);
    Object splits = essence(json.at("pre_tokenizer"));
    Object normalizer = essence(json.at("normalizer"));
    return Arrays.stream(PreTokenization.values())
        .filter(each -> each.wholeWordsFirst() == whole)
        .filter(each -> essence(parsed(each.preTokenizer())).equals(splits))
        .filter(each -> Objects.equals(essence(parsed(each.normalizer())), normalizer))
        .map(PreTokenization::ggufName)
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    "GGUF has no name that we know for how it splits a text; known are "
                        + Arrays.stream(PreTokenization.values())
                            .map(PreTokenization::ggufName)
                            .collect(Collectors.joining(", "))));
  }

  private static Json parsed(Object part) {
    return Json.parse(Json.write(part), "pre-tokenizer");
  }

  /** What decides over the tokens: a sequence's parts, without offsets and defaults. */
  private static List<Map<String, Object>> essence(Json part) {
    if (!part.present()) {
      return List.of();
    }
    for (String parts : List.of("pretokenizers", "normalizers")) {
      if (part.at(parts).present()) {
        return part.at(parts).items().stream().flatMap(each -> essence(each).stream()).toList();
      }
    }
    Map<String, Object> map = part.toMap();
    map.remove("trim_offsets"); // where a token stands, not which one it is
    if (part.at("type").text().equals("ByteLevel")) {
      map.putIfAbsent("use_regex", true);
    }
    return List.of(map);
  }

  private List<String> tokens(int rows) {
    String[] tokens = new String[rows];
    ids.forEach((token, id) -> tokens[checked(id, rows)] = token);
    added.forEach((token, id) -> tokens[checked(id, rows)] = token);
    for (int id = 0; id < rows; id++) {
      tokens[id] = tokens[id] == null ? "[PAD" + id + "]" : tokens[id];
    }
    return List.of(tokens);
  }

  private int checked(int id, int rows) {
    if (id < 0 || id >= rows) {
      throw refused("token " + id + " has no row in the token embedding of " + rows);
    }
    return id;
  }

  private int[] types(List<String> tokens, boolean bytes) {
    int[] types = new int[tokens.size()];
    int unknown = tokenizer.unknownId().orElse(-1);
    for (int id = 0; id < types.length; id++) {
      String token = tokens.get(id);
      boolean one = added.containsKey(token);
      types[id] =
          bytes && id == unknown
              ? UNKNOWN
              : one && special.contains(token)
                  ? CONTROL
                  : one
                      ? USER_DEFINED
                      : !ids.containsKey(token)
                          ? UNUSED
                          : bytes && token.matches("<0x[0-9A-F]{2}>") ? BYTE : NORMAL;
    }
    return types;
  }

  /** The sooner merged, the higher; the merges that follow from them must be the tokenizer's. */
  private float[] scores(List<List<String>> merges, int rows) {
    float[] scores = new float[rows];
    Map<String, Integer> first = new HashMap<>();
    for (List<String> pair : merges) {
      first.putIfAbsent(String.join("", pair), first.size());
    }
    first.forEach((token, rank) -> scores[checked(ids.get(token), rows)] = -rank);
    if (!ScoredMerges.of(ids, scores).equals(merges)) {
      throw refused(
          "its merges do not follow from a score for each token, which is all that a GGUF file of"
              + " this kind holds");
    }
    return scores;
  }

  private boolean spacePrefix() {
    List<Map<String, Object>> steps = essence(json.at("normalizer"));
    boolean prepends =
        !steps.isEmpty() && steps.get(0).equals(Map.of("type", "Prepend", "prepend", SPACE));
    List<Map<String, Object>> rest = prepends ? steps.subList(1, steps.size()) : steps;
    Map<String, Object> replaces =
        Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", SPACE);
    if (!rest.equals(List.of(replaces)) || json.at("pre_tokenizer").present()) {
      throw refused("it does not turn spaces into '" + SPACE + "' as GGUF files of its kind do");
    }
    return prepends;
  }

  /** Which tokens stand around every text. */
  private void around(Map<String, Object> fields) {
    List<String> pieces = new ArrayList<>();
    template(json.at("post_processor"), pieces);
    int text = pieces.indexOf(null);
    List<String> before = text < 0 ? List.of() : pieces.subList(0, text);
    List<String> after = text < 0 ? List.of() : pieces.subList(text + 1, pieces.size());
    fields.put("add_bos_token", stands(before, tokenizer.bosId()));
    fields.put("add_eos_token", stands(after, tokenizer.eosId()));
  }

  private boolean stands(List<String> pieces, OptionalInt id) {
    if (pieces.isEmpty()) {
      return false;
    }
    if (pieces.size() > 1
        || id.isEmpty()
        || !pieces.get(0).equals(tokenizer.token(id.getAsInt()))) {
      throw refused("it puts " + pieces + " beside a text, which GGUF cannot say");
    }
    return true;
  }

  /** Adds a template's tokens around one text, and null for the text. */
  private void template(Json processor, List<String> pieces) {
    if (processor.at("processors").present()) {
      processor.at("processors").items().forEach(each -> template(each, pieces));
      return;
    }
    String type = processor.present() ? processor.at("type").text() : "ByteLevel";
    if (type.equals("TemplateProcessing")) {
      for (Json piece : processor.at("single").items()) {
        Json token = piece.at("SpecialToken").at("id");
        pieces.add(token.present() ? token.text() : null);
      }
    } else if (!type.equals("ByteLevel")) {
      throw refused("its post-processor is a " + type + ", which GGUF cannot say");
    }
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(
        "the tokenizer cannot be written to a GGUF file: " + why + "; save a folder instead");
  }
}
