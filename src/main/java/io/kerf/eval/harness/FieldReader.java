package io.kerf.eval.harness;

import io.kerf.template.PythonLiteral;
import io.kerf.template.PythonText;
import io.kerf.template.Template;
import io.kerf.template.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the fields of a task give for a row, by the harness's rules: a string that names a column is
 * that column's value, any other is a template; digits are a number where there are choices, and
 * what looks like a list is one.
 */
final class FieldReader {
  private final String task;
  private final Set<?> columns;
  private final boolean choices;
  private final Map<String, Template> templates = new HashMap<>();

  /**
   * @param columns of the rows that are asked
   * @param choices whether the task has any
   */
  FieldReader(String task, Set<?> columns, boolean choices) {
    this.task = task;
    this.columns = columns;
    this.choices = choices;
  }

  /** A string, or the index of the choice that stands in the text. */
  Object text(Object field, Row row) {
    return reading(
        "doc_to_text",
        row,
        () -> {
          if (!(field instanceof String text)) {
            return whole(field);
          } else if (columns.contains(text)) {
            return row.values().get(text);
          }
          String rendered = rendered(text, row);
          return choices && isDigits(rendered) ? PythonLiteral.parse(rendered) : rendered;
        });
  }

  /** A string, the index of a choice, or a list of either. */
  Object target(Object field, Row row) {
    return reading(
        "doc_to_target",
        row,
        () -> {
          if (field instanceof List<?>) {
            return Values.of(field);
          }
          if (!(field instanceof String text)) {
            return whole(field);
          } else if (columns.contains(text)) {
            return row.values().get(text);
          }
          String rendered = rendered(text, row);
          if (choices && isDigits(rendered)) {
            return PythonLiteral.parse(rendered);
          }
          boolean list =
              rendered.length() > 1 && rendered.startsWith("[") && rendered.endsWith("]");
          return list ? literalOrText(rendered) : rendered;
        });
  }

  private static Object literalOrText(String rendered) {
    try {
      return PythonLiteral.parse(rendered);
    } catch (IllegalArgumentException e) {
      return rendered; // a text that begins and ends with brackets
    }
  }

  /** The choices, at least one. */
  List<String> choices(Object field, Row row) {
    Object found =
        reading(
            "doc_to_choice",
            row,
            () -> {
              if (field instanceof Map<?, ?> map) {
                return Values.of(map.values());
              }
              if (!(field instanceof String text)) {
                return Values.of(field);
              } else if (columns.contains(text)) {
                return row.values().get(text);
              }
              return PythonLiteral.parse(rendered(text, row));
            });
    if (!(found instanceof List<?> list) || list.isEmpty()) {
      throw wrong(
          "doc_to_choice", row, "must give a list of choices, was " + Values.described(found));
    }
    List<String> texts = new ArrayList<>();
    for (Object choice : list) {
      if (!(choice instanceof String text)) {
        throw wrong(
            "doc_to_choice", row, "a choice must be a string, was " + Values.described(choice));
      }
      texts.add(text);
    }
    return texts;
  }

  /** What a template, or a column of that name, gives. */
  String string(String key, String field, Row row) {
    Object value = value(key, field, row);
    return value == null ? "" : PythonText.str(value);
  }

  /** What a column of that name holds, or else what a template writes. */
  Object value(String key, String field, Row row) {
    return reading(
        key,
        row,
        () -> row.values().containsKey(field) ? row.values().get(field) : rendered(field, row));
  }

  IllegalArgumentException wrong(String key, Row row, String message) {
    return new IllegalArgumentException(
        "task " + task + ", " + row.where() + ", " + key + ": " + message);
  }

  private interface Reading {
    Object value();
  }

  private Object reading(String key, Row row, Reading reading) {
    try {
      return reading.value();
    } catch (IllegalArgumentException e) {
      throw wrong(key, row, e.getMessage());
    }
  }

  private String rendered(String template, Row row) {
    return templates.computeIfAbsent(template, Template::of).render(row.values());
  }

  private static Object whole(Object field) {
    if (field instanceof Integer number) {
      return number.longValue();
    }
    throw new IllegalArgumentException(
        "must be a column, a template or a whole number, was " + field);
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
