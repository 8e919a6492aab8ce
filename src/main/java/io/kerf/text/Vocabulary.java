package io.kerf.text;

import io.kerf.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** The tokens of a {@code tokenizer.json} by id and back, added tokens included. */
final class Vocabulary {
  private final Map<String, Integer> ids;
  private final Map<Integer, String> tokens;

  private final Set<Integer> marked;

  private Vocabulary(Map<String, Integer> ids, Set<Integer> marked) {
    this.ids = ids;
    this.marked = Set.copyOf(marked);
    this.tokens = new HashMap<>(2 * ids.size());
    ids.forEach((token, id) -> tokens.put(id, token));
  }

  static Vocabulary of(Json tokenizer) {
    Map<String, Integer> ids = new HashMap<>();
    Set<Integer> marked = new HashSet<>();
    Json vocabulary = tokenizer.at("model").at("vocab");
    if (vocabulary.isArray()) { // Unigram: [token, score], the index is the id
      List<Json> entries = vocabulary.items();
      for (int id = 0; id < entries.size(); id++) {
        ids.put(entries.get(id).at(0).text(), id);
      }
    } else {
      vocabulary.fields().forEach((token, id) -> ids.put(token, id.integer()));
    }
    if (tokenizer.at("added_tokens").present()) {
      for (Json added : tokenizer.at("added_tokens").items()) {
        ids.put(added.at("content").text(), added.at("id").integer());
        if (added.at("special").present() && added.at("special").bool()) {
          marked.add(added.at("id").integer());
        }
      }
    }
    return new Vocabulary(ids, marked);
  }

  String token(int id) {
    String token = tokens.get(id);
    if (token == null) {
      throw new IllegalArgumentException(
          "no token has id " + id + ": the vocabulary has " + tokens.size() + " tokens");
    }
    return token;
  }

  OptionalInt id(String token) {
    Integer id = token == null ? null : ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The ids of added tokens that are marked as special. */
  Set<Integer> marked() {
    return marked;
  }

  int size() {
    return tokens.size();
  }
}
