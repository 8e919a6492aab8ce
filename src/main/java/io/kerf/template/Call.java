package io.kerf.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of a filter, test, method or function.
 *
 * @param what "filter 'join'", for errors
 */
record Call(String what, List<Object> positional, Map<String, Object> named) {
  Call {
    positional.forEach(Call::defined);
    named.values().forEach(Call::defined);
  }

  private static void defined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
  }

  /** Makes sure that there are no more arguments than these. */
  Call takes(String... names) {
    if (positional.size() > names.length || !Set.of(names).containsAll(named.keySet())) {
      throw new TemplateException(
          what
              + " takes "
              + (names.length == 0 ? "nothing" : String.join(", ", names))
              + ", was given "
              + given());
    }
    return this;
  }

  private String given() {
    List<String> all = new ArrayList<>();
    positional.forEach(value -> all.add(PythonText.repr(value)));
    named.forEach((name, value) -> all.add(name + "=" + PythonText.repr(value)));
    return Values.shortened(String.join(", ", all));
  }

  boolean has(int index, String name) {
    return index < positional.size() || named.containsKey(name);
  }

  Object get(int index, String name, Object otherwise) {
    return index < positional.size() ? positional.get(index) : named.getOrDefault(name, otherwise);
  }

  Object get(int index, String name) {
    if (!has(index, name)) {
      throw new TemplateException(what + " needs " + name);
    }
    return get(index, name, null);
  }

  String text(int index, String name) {
    return Values.text(get(index, name));
  }

  boolean truth(int index, String name) {
    return Values.truth(get(index, name, false));
  }

  long integer(int index, String name, long otherwise) {
    Object value = get(index, name, otherwise);
    return value == None.NONE ? otherwise : Values.integer(value);
  }

  /** A text, or null where it is absent or None. */
  String textOrNull(int index, String name) {
    Object value = get(index, name, None.NONE);
    return value == None.NONE ? null : Values.text(value);
  }
}
