package io.kerf.template;

import java.util.HashMap;
import java.util.Map;

/** Names and what they stand for; an inner scope hides an outer one's. */
final class Scope {
  private final Scope outer; // null for the row itself
  private final Map<?, ?> row;
  private final Map<String, Object> names = new HashMap<>();

  private Scope(Scope outer, Map<?, ?> row) {
    this.outer = outer;
    this.row = row;
  }

  static Scope of(Map<?, ?> row) {
    return new Scope(null, row);
  }

  Scope inner() {
    return new Scope(this, Map.of());
  }

  void set(String name, Object value) {
    names.put(name, value);
  }

  /** Null where no scope has it. */
  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.names.get(name);
      if (value == null) {
        value = scope.row.get(name);
      }
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
