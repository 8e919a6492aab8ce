package io.kerf.template;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two ways in which Python puts values into a text, for the directives that tasks use. */
final class Formatting {
  private static final Pattern PERCENT =
      Pattern.compile("%(?:%|(0?)(\\d*)(?:\\.(\\d+))?([sdrifx]))");
  private static final Pattern BRACES = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}");

  private Formatting() {}

  /** {@code format % values}. */
  static String percent(String format, List<?> values) {
    StringBuilder out = new StringBuilder();
    Matcher directive = PERCENT.matcher(format);
    int at = 0;
    int next = 0;
    while (directive.find()) {
      refusePercent(format, at, directive.start());
      out.append(format, at, directive.start());
      at = directive.end();
      if (directive.group().equals("%%")) {
        out.append('%');
        continue;
      }
      if (next == values.size()) {
        throw new TemplateException("'" + format + "' needs more values than " + values.size());
      }
      String text = percent(directive, values.get(next++));
      int width =
          directive.group(2).isEmpty() ? 0 : Values.index(PythonLiteral.parse(directive.group(2)));
      String pad = directive.group(1).isEmpty() ? " " : "0";
      out.append(pad.repeat(Math.max(0, Math.min(width, 1000) - text.length()))).append(text);
    }
    refusePercent(format, at, format.length());
    if (next < values.size()) {
      throw new TemplateException("'" + format + "' needs fewer values than " + values.size());
    }
    return out.append(format.substring(at)).toString();
  }

  private static String percent(Matcher directive, Object value) {
    return switch (directive.group(4)) {
      case "s" -> PythonText.str(value);
      case "r" -> PythonText.repr(value);
      case "x" -> Long.toHexString(Values.integer(value));
      case "f" -> {
        String digits = directive.group(3) == null ? "6" : directive.group(3);
        if (digits.length() > 2) {
          throw new TemplateException("at most 99 decimals are written, was " + digits);
        }
        yield String.format(java.util.Locale.ROOT, "%." + digits + "f", Values.number(value));
      }
      default -> String.valueOf((long) Values.number(value));
    };
  }

  private static void refusePercent(String format, int from, int to) {
    if (format.substring(from, to).contains("%")) {
      throw new TemplateException(
          "'" + format + "' has a directive that is not known; known are %s, %r, %d, %i, %f, %x");
    }
  }

  /** {@code format.format(...)}. */
  static String braces(String format, List<Object> values, Map<String, Object> named) {
    StringBuilder out = new StringBuilder();
    Matcher field = BRACES.matcher(format);
    int at = 0;
    int next = 0;
    while (field.find()) {
      out.append(format, at, field.start());
      at = field.end();
      String name = field.group(1);
      if (name == null) {
        out.append(field.group().charAt(0));
      } else if (name.isEmpty() || name.matches("\\d{1,6}")) {
        int index = name.isEmpty() ? next++ : Integer.parseInt(name);
        if (index >= values.size()) {
          throw new TemplateException("'" + format + "' needs more values than " + values.size());
        }
        out.append(PythonText.str(values.get(index)));
      } else if (named.containsKey(name)) {
        out.append(PythonText.str(named.get(name)));
      } else {
        throw new TemplateException("'" + format + "' needs a value " + name);
      }
    }
    String rest = format.substring(at);
    if (rest.contains("{") || rest.contains("}")) {
      throw new TemplateException(
          "'" + format + "' has a field that is not known; known is {name}");
    }
    return out.append(rest).toString();
  }
}
