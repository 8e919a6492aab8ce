package io.kerf.template;

import io.kerf.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Python's values: {@link None}, Boolean, Long, Double, String, List, Map. What compares as equal
 * in Python does here: 1, 1.0 and True.
 */
public final class Values {
  private Values() {}

  /** The same in Python's values; null becomes None. */
  public static Object of(Object value) {
    if (value == null) {
      return None.NONE;
    } else if (value instanceof Json json) {
      return json.present() ? of(json.isObject() ? json.toMap() : plain(json)) : None.NONE;
    } else if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return ((Number) value).longValue();
    } else if (value instanceof Float number) {
      return number.doubleValue();
    } else if (value instanceof Tuple) {
      return value;
    } else if (value instanceof Collection<?> items) {
      List<Object> list = new ArrayList<>(items.size());
      items.forEach(item -> list.add(of(item)));
      return list;
    } else if (value instanceof Map<?, ?> items) {
      Map<Object, Object> map = new LinkedHashMap<>();
      items.forEach((key, item) -> map.put(of(key), of(item)));
      return map;
    }
    return value;
  }

  private static Object plain(Json json) {
    if (json.isArray()) {
      return json.items();
    } else if (json.isText()) {
      return json.text();
    } else if (json.isBoolean()) {
      return json.bool();
    }
    String digits = json.toString();
    return digits.matches("-?\\d{1,18}") ? (Object) Long.valueOf(digits) : (Object) json.number();
  }

  /** Whether Python takes it as true. */
  public static boolean truth(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    } else if (value instanceof Boolean truth) {
      return truth;
    } else if (value instanceof Number number) {
      return number.doubleValue() != 0;
    } else if (value instanceof String text) {
      return !text.isEmpty();
    } else if (value instanceof Collection<?> items) {
      return !items.isEmpty();
    } else if (value instanceof Map<?, ?> items) {
      return !items.isEmpty();
    }
    return value != None.NONE;
  }

  /** Whether Python's {@code ==} holds. */
  public static boolean equal(Object a, Object b) {
    if (a instanceof Undefined undefined) {
      throw undefined.error();
    } else if (b instanceof Undefined undefined) {
      throw undefined.error();
    } else if (isNumber(a) && isNumber(b)) {
      return a instanceof Double || b instanceof Double
          ? number(a) == number(b)
          : integer(a) == integer(b);
    } else if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size() || x instanceof Tuple != y instanceof Tuple) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!equal(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(e -> y.containsKey(e.getKey()) && equal(e.getValue(), y.get(e.getKey())));
    }
    return a.equals(b);
  }

  /** Below, at or above 0, as Python orders them. */
  static int compare(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return a instanceof Double || b instanceof Double
          ? Double.compare(number(a), number(b))
          : Long.compare(integer(a), integer(b));
    } else if (a instanceof String x && b instanceof String y) {
      return compareTexts(x, y);
    } else if (a instanceof List<?> x && b instanceof List<?> y) {
      for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
        if (!equal(x.get(i), y.get(i))) {
          return compare(x.get(i), y.get(i));
        }
      }
      return Integer.compare(x.size(), y.size());
    }
    throw new TemplateException("cannot order " + type(a) + " and " + type(b));
  }

  /** By code points, not by UTF-16 units. */
  private static int compareTexts(String a, String b) {
    int[] x = a.codePoints().toArray();
    int[] y = b.codePoints().toArray();
    return java.util.Arrays.compare(x, y);
  }

  /** True and False count as 1 and 0. */
  static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof Boolean;
  }

  static long integer(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    } else if (value instanceof Long number) {
      return number;
    }
    throw new TemplateException("a whole number is needed, was " + described(value));
  }

  static int index(Object value) {
    long number = integer(value);
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
  }

  static double number(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    } else if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new TemplateException("a number is needed, was " + described(value));
  }

  static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new TemplateException("a string is needed, was " + described(value));
  }

  /** What a loop goes through: characters, items or keys. */
  static List<Object> items(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    } else if (value instanceof String text) {
      return text.codePoints().mapToObj(c -> (Object) Character.toString(c)).toList();
    } else if (value instanceof Collection<?> items) {
      return new ArrayList<>(items);
    } else if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    throw new TemplateException("nothing can be gone through in " + described(value));
  }

  static long length(Object value) {
    return value instanceof String text
        ? text.codePointCount(0, text.length())
        : items(value).size();
  }

  /** Python's name of its type. */
  static String type(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    return value == None.NONE
        ? "None"
        : value instanceof Boolean
            ? "bool"
            : value instanceof Long
                ? "int"
                : value instanceof Number
                    ? "float"
                    : value instanceof String
                        ? "str"
                        : value instanceof Tuple
                            ? "tuple"
                            : value instanceof List
                                ? "list"
                                : value instanceof Map ? "dict" : "object";
  }

  /** Value and type, for errors. */
  public static String described(Object value) {
    return "the " + type(value) + " " + shortened(PythonText.repr(value));
  }

  static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 77) + "..." : text;
  }
}
