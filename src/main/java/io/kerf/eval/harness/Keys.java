package io.kerf.eval.harness;

import io.kerf.name.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The keys of a mapping in a task file; errors name file and key. */
final class Keys {
  private final String where;
  private final Map<String, Object> values = new LinkedHashMap<>();

  Keys(String where, Object mapping) {
    this.where = where;
    if (mapping instanceof Map<?, ?> map) {
      map.forEach((key, value) -> values.put(String.valueOf(key), value));
    } else if (mapping != null) {
      throw new IllegalArgumentException(where + " must be a mapping, was " + mapping);
    }
  }

  Map<String, Object> all() {
    return values;
  }

  /** Makes sure that there are no other keys. */
  void only(String... known) {
    for (String key : values.keySet()) {
      if (!List.of(known).contains(key)) {
        throw new IllegalArgumentException(
            where + ": " + Names.unknown("key", key, new TreeSet<>(List.of(known))).getMessage());
      }
    }
  }

  /** The mapping under a key, without keys where there is none. */
  Keys inner(String key) {
    return new Keys(where + ": " + key, values.get(key));
  }

  Object get(String key) {
    return values.get(key);
  }

  Object or(String key, Object otherwise) {
    Object value = values.get(key);
    return value == null ? otherwise : value;
  }

  /** The string, null where there is none. */
  String text(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrong(key, "must be a string", value);
  }

  String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  String required(String key) {
    String text = text(key);
    if (text == null) {
      throw new IllegalArgumentException(where + ": " + key + " is missing");
    }
    return text;
  }

  /** The whole number of at least 0, null where there is none. */
  Integer integer(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof Integer number && number >= 0) {
      return (Integer) value;
    }
    throw wrong(key, "must be a whole number of at least 0", value);
  }

  /** What must be there to turn a row into text. */
  Object field(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(where + ": " + key + " is missing");
    }
    return value;
  }

  IllegalArgumentException wrong(String key, String must, Object was) {
    String seen = String.valueOf(was);
    return new IllegalArgumentException(
        where
            + ": "
            + key
            + " "
            + must
            + ", was "
            + (seen.length() > 80 ? seen.substring(0, 77) + "..." : seen));
  }
}
