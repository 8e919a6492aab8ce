package io.kerf.template;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A value as Jinja's {@code tojson} writes it: keys sorted, ASCII, safe within HTML. */
final class JsonText {
  private JsonText() {}

  static String of(Object value) {
    if (value instanceof String text) {
      return quoted(text);
    } else if (value == None.NONE) {
      return "null";
    } else if (value instanceof Boolean) {
      return value.toString();
    } else if (value instanceof List<?> list) {
      return list.stream().map(JsonText::of).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Map<?, ?> map) {
      TreeMap<String, Object> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(PythonText.str(key), item));
      return sorted.entrySet().stream()
          .map(e -> quoted(e.getKey()) + ": " + of(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return PythonText.str(value);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      int simple = "\"\\\n\r\t\b\f".indexOf(c);
      if (simple >= 0) {
        out.append('\\').append("\"\\nrtbf".charAt(simple));
      } else if (c < 0x20 || c > 0x7e || "<>&'".indexOf(c) >= 0) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
