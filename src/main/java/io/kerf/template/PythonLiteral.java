package io.kerf.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what Python's {@code ast.literal_eval} reads; nothing is ever run. */
public final class PythonLiteral {
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;
  private int depth;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * The value that a Python literal writes.
   *
   * @throws TemplateException if the text is none
   */
  public static Object parse(String text) {
    PythonLiteral reader = new PythonLiteral(text);
    Object value = reader.value();
    reader.skip();
    if (reader.peek() == ',') { // a tuple may do without parentheses
      List<Object> items = new ArrayList<>(List.of(value));
      while (reader.taken(',')) {
        reader.skip();
        if (reader.at < text.length()) {
          items.add(reader.value());
        }
      }
      value = new Tuple(items);
    }
    if (reader.at < text.length()) {
      throw reader.wrong("the end");
    }
    return value;
  }

  private Object value() {
    skip();
    if (++depth > MAX_DEPTH) {
      throw new TemplateException("a Python literal is nested more than " + MAX_DEPTH + " deep");
    }
    char c = peek();
    Object value =
        switch (c) {
          case '[' -> items(']');
          case '(' -> parenthesised();
          case '{' -> mapping();
          case '\'', '"' -> strings();
          default -> c == '-' || c == '+' || c == '.' || isDigit(c) ? number() : word();
        };
    depth--;
    return value;
  }

  private List<Object> items(char close) {
    at++;
    List<Object> items = new ArrayList<>();
    while (!taken(close)) {
      items.add(value());
      if (!taken(',') && peekPastSpace() != close) {
        throw wrong("',' or '" + close + "'");
      }
    }
    return items;
  }

  private Object parenthesised() {
    at++;
    List<Object> items = new ArrayList<>();
    boolean tuple = false;
    while (!taken(')')) {
      items.add(value());
      boolean comma = taken(',');
      tuple |= comma;
      if (!comma && peekPastSpace() != ')') {
        throw wrong("',' or ')'");
      }
    }
    return tuple || items.isEmpty() ? new Tuple(items) : items.get(0);
  }

  private Map<Object, Object> mapping() {
    at++;
    Map<Object, Object> map = new LinkedHashMap<>();
    while (!taken('}')) {
      Object key = value();
      if (!taken(':')) {
        throw wrong("':'");
      }
      map.put(key, value());
      if (!taken(',') && peekPastSpace() != '}') {
        throw wrong("',' or '}'");
      }
    }
    return map;
  }

  /** Strings that stand side by side are one. */
  private String strings() {
    StringBuilder whole = new StringBuilder();
    do {
      whole.append(string(false));
      skip();
    } while (peek() == '\'' || peek() == '"');
    return whole.toString();
  }

  private String string(boolean raw) {
    char quote = text.charAt(at);
    String close = String.valueOf(quote);
    if (text.startsWith(close.repeat(3), at)) {
      close = close.repeat(3);
    }
    int from = at + close.length();
    for (int i = from; i < text.length(); i++) {
      if (text.startsWith(close, i)) {
        at = i + close.length();
        return raw ? text.substring(from, i) : unescape(text.substring(from, i));
      } else if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '\n' && close.length() == 1) {
        break;
      }
    }
    throw wrong("a string that ends with " + close);
  }

  private Object number() {
    int from = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(peek()) || "+-._".indexOf(peek()) >= 0)) {
      at++;
    }
    String digits = text.substring(from, at).replaceAll("(?<=\\d)_(?=\\d)", "");
    try {
      if (digits.matches("[+-]?(0|[1-9]\\d*|0+)")) {
        return Long.parseLong(digits);
      } else if (digits.matches("[+-]?(\\d+\\.\\d*|\\.\\d+|\\d+(?=[eE]))([eE][+-]?\\d+)?")) {
        return Double.parseDouble(digits);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    at = from;
    throw wrong("a number");
  }

  private Object word() {
    int from = at;
    while (at < text.length() && Character.isJavaIdentifierPart(peek())) {
      at++;
    }
    String word = text.substring(from, at);
    if ((peek() == '\'' || peek() == '"') && word.matches("[rRuU]")) {
      return string(word.equalsIgnoreCase("r"));
    }
    return switch (word) {
      case "True" -> true;
      case "False" -> false;
      case "None" -> None.NONE;
      default -> {
        at = from;
        throw wrong("a value");
      }
    };
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private char peekPastSpace() {
    skip();
    return peek();
  }

  private boolean taken(char c) {
    if (peekPastSpace() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void skip() {
    while (at < text.length() && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private TemplateException wrong(String expected) {
    String rest = at < text.length() ? "'" + Values.shortened(text.substring(at)) + "'" : "the end";
    return new TemplateException(
        "'"
            + Values.shortened(text)
            + "' is no Python literal: expected "
            + expected
            + " at character "
            + at
            + ", was "
            + rest);
  }

  /** What the inside of a Python string stands for. */
  static String unescape(String inside) {
    if (inside.indexOf('\\') < 0) {
      return inside;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      if (c != '\\' || i + 1 == inside.length()) {
        out.append(c);
        continue;
      }
      char kind = inside.charAt(++i);
      int simple = "\\'\"abfnrtv".indexOf(kind);
      if (simple >= 0) {
        out.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(simple));
      } else if (kind == '\n') {
        continue;
      } else if (kind == 'x' || kind == 'u' || kind == 'U') {
        int length = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
        i += character(inside, i + 1, length, 16, out);
      } else if (kind >= '0' && kind <= '7') {
        int length = 1;
        while (length < 3
            && i + length < inside.length()
            && inside.charAt(i + length) >= '0'
            && inside.charAt(i + length) <= '7') {
          length++;
        }
        i += character(inside, i, length, 8, out) - 1;
      } else if (kind == 'N' && inside.indexOf('}', i) > 0 && inside.startsWith("{", i + 1)) {
        int end = inside.indexOf('}', i);
        out.appendCodePoint(Character.codePointOf(inside.substring(i + 2, end)));
        i = end;
      } else {
        out.append('\\').append(kind); // Python leaves what it does not know
      }
    }
    return out.toString();
  }

  private static int character(String text, int from, int length, int radix, StringBuilder out) {
    try {
      out.appendCodePoint(Integer.parseInt(text.substring(from, from + length), radix));
      return length;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new TemplateException(
          "'" + Values.shortened(text) + "' has an escape that is no character");
    }
  }
}
