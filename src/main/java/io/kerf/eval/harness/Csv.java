package io.kerf.eval.harness;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values (RFC 4180): a value in quotes may hold commas, quotes and line ends. */
final class Csv {
  private final String text;
  private final String origin;
  private int at;

  Csv(String text, String origin) {
    this.text = text;
    this.origin = origin;
  }

  List<List<String>> records() {
    List<List<String>> records = new ArrayList<>();
    while (at < text.length()) {
      List<String> values = new ArrayList<>();
      do {
        values.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
      } while (at < text.length() && text.charAt(at++) == ',');
      if (at < text.length() && text.charAt(at - 1) == '\r' && text.charAt(at) == '\n') {
        at++;
      }
      if (values.size() > 1 || !values.get(0).isEmpty()) {
        records.add(values);
      }
    }
    return records;
  }

  private String plain() {
    int from = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      if (text.charAt(at) != '"') {
        value.append(text.charAt(at));
      } else if (text.startsWith("\"\"", at)) {
        value.append('"');
        at++;
      } else {
        at++;
        return value.append(plain()).toString();
      }
    }
    throw new IllegalArgumentException(origin + " ends within a quoted value");
  }
}
