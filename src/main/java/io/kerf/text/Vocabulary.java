package io.kerf.text;

import io.kerf.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The tokens of a {@code tokenizer.json} by id and back, added tokens included. */
final class Vocabulary {
  private final Map<String, Integer> ids;
  private final Map<Integer, String> tokens;

  private Vocabulary(Map<String, Integer> ids) {
    this.ids = ids;
    this.tokens = new HashMap<>(2 * ids.size());
    ids.forEach((token, id) -> tokens.put(id, token));
  }

  static Vocabulary of(Json tokenizer) {
    Map<String, Integer> ids = new HashMap<>();
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
      }
    }
    return new Vocabulary(ids);
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

  int size() {
    return tokens.size();
  }
}
