package io.kerf.template;

import io.kerf.name.Names;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Jinja's filters, {@code regex_replace} of the harness, and {@code literal_eval} of ours. */
final class Filters {
  private static final TreeMap<String, BiFunction<Object, Call, Object>> ALL = new TreeMap<>();

  static {
    ALL.put("abs", (v, c) -> absolute(v));
    ALL.put("capitalize", text(StringMethods::capitalize));
    ALL.put("count", (v, c) -> Values.length(v));
    ALL.put("default", Filters::byDefault);
    ALL.put("d", Filters::byDefault);
    ALL.put("dictsort", (v, c) -> sortedEntries(v, c.takes()));
    ALL.put("first", (v, c) -> end(v, c.takes(), true));
    ALL.put("float", (v, c) -> asFloat(v, c.takes("default").get(0, "default", 0.0)));
    ALL.put("format", (v, c) -> Formatting.percent(PythonText.str(v), c.positional()));
    ALL.put("indent", (v, c) -> indent(PythonText.str(v), c.takes("width", "first", "blank")));
    ALL.put("int", (v, c) -> asInteger(v, c.takes("default").get(0, "default", 0L)));
    ALL.put("items", (v, c) -> CollectionMethods.call(map(v), "items", c.takes()));
    ALL.put("join", (v, c) -> join(v, c.takes("d", "attribute")));
    ALL.put("last", (v, c) -> end(v, c.takes(), false));
    ALL.put("length", (v, c) -> Values.length(v));
    ALL.put("list", (v, c) -> Values.items(v));
    ALL.put("literal_eval", (v, c) -> PythonLiteral.parse(Values.text(v)));
    ALL.put("lower", text(StringMethods::lower));
    ALL.put("map", Filters::mapped);
    ALL.put("max", (v, c) -> extreme(v, c.takes("case_sensitive", "attribute"), 1));
    ALL.put("min", (v, c) -> extreme(v, c.takes("case_sensitive", "attribute"), -1));
    ALL.put(
        "regex_replace",
        (v, c) -> RegexReplace.of(Values.text(v), c.takes("pattern", "repl", "count")));
    ALL.put("reject", (v, c) -> chosen(v, c, false, false));
    ALL.put("rejectattr", (v, c) -> chosen(v, c, true, false));
    ALL.put("replace", Filters::replaced);
    ALL.put("reverse", (v, c) -> reversed(v));
    ALL.put("round", (v, c) -> rounded(v, c.takes("precision", "method")));
    ALL.put("safe", (v, c) -> v);
    ALL.put("select", (v, c) -> chosen(v, c, false, true));
    ALL.put("selectattr", (v, c) -> chosen(v, c, true, true));
    ALL.put("sort", (v, c) -> sorted(v, c.takes("reverse", "case_sensitive", "attribute")));
    ALL.put("string", (v, c) -> PythonText.str(v));
    ALL.put("sum", (v, c) -> sum(v, c.takes("attribute", "start")));
    ALL.put("title", text(Filters::title));
    ALL.put("tojson", (v, c) -> JsonText.of(v));
    ALL.put(
        "trim",
        (v, c) ->
            StringMethods.strip(
                PythonText.str(v), c.takes("chars").textOrNull(0, "chars"), true, true));
    ALL.put("unique", (v, c) -> unique(v, c.takes("case_sensitive", "attribute")));
    ALL.put("upper", text(StringMethods::upper));
    ALL.put(
        "wordcount",
        (v, c) ->
            (long)
                Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS)
                    .matcher(PythonText.str(v))
                    .results()
                    .count());
  }

  private Filters() {}

  /** Whether a filter may be given what is undefined. */
  static boolean takesUndefined(String name) {
    return name.equals("default") || name.equals("d");
  }

  static Object apply(String name, Object value, Call call) {
    BiFunction<Object, Call, Object> filter = ALL.get(name);
    if (filter == null) {
      throw Names.unknown("filter", name, ALL.keySet());
    }
    return filter.apply(value, call);
  }

  private static BiFunction<Object, Call, Object> text(
      java.util.function.UnaryOperator<String> change) {
    return (value, call) -> {
      call.takes();
      return change.apply(PythonText.str(value));
    };
  }

  private static Object byDefault(Object value, Call call) {
    call.takes("default_value", "boolean");
    boolean missing =
        value instanceof Undefined || call.truth(1, "boolean") && !Values.truth(value);
    return missing ? call.get(0, "default_value", "") : value;
  }

  private static Map<?, ?> map(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new TemplateException("a dict is needed, was " + Values.described(value));
  }

  private static Object end(Object value, Call call, boolean first) {
    List<Object> items = Values.items(value);
    return items.isEmpty()
        ? new Undefined(Values.described(value) + " has no " + (first ? "first" : "last") + " item")
        : items.get(first ? 0 : items.size() - 1);
  }

  private static Object asFloat(Object value, Object otherwise) {
    try {
      return value instanceof String text
          ? Double.parseDouble(text.strip())
          : (Object) Values.number(value);
    } catch (NumberFormatException | TemplateException e) {
      return otherwise;
    }
  }

  private static Object asInteger(Object value, Object otherwise) {
    try {
      return value instanceof String text && text.strip().matches("[+-]?\\d+")
          ? Long.parseLong(text.strip())
          : (Object) (long) Values.number(value instanceof String ? asFloat(value, value) : value);
    } catch (NumberFormatException | TemplateException e) {
      return otherwise;
    }
  }

  private static String indent(String text, Call call) {
    Object width = call.get(0, "width", 4L);
    String pad =
        width instanceof String given ? given : " ".repeat(Math.min(1000, Values.index(width)));
    String[] lines = text.split("\n", -1);
    StringBuilder out = new StringBuilder(lines[0]);
    for (int i = 1; i < lines.length; i++) {
      boolean blank = lines[i].isEmpty() && !call.truth(2, "blank");
      out.append('\n').append(blank ? "" : pad).append(lines[i]);
    }
    return (call.truth(1, "first") ? pad : "") + out;
  }

  private static List<Object> of(Object value, Call call, int index) {
    Object attribute = call.get(index, "attribute", None.NONE);
    List<Object> items = Values.items(value);
    return attribute == None.NONE
        ? items
        : items.stream().map(item -> attribute(item, attribute)).toList();
  }

  /** "a.b" or a place in a list. */
  private static Object attribute(Object item, Object path) {
    if (!(path instanceof String names)) {
      return required(Operators.item(item, path));
    }
    Object value = item;
    for (String name : names.split("\\.")) {
      value = required(Operators.item(value, name.matches("\\d+") ? Long.valueOf(name) : name));
    }
    return value;
  }

  private static Object required(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    return value;
  }

  private static String join(Object value, Call call) {
    String between = PythonText.str(call.get(0, "d", ""));
    return String.join(between, of(value, call, 1).stream().map(PythonText::str).toList());
  }

  private static Object mapped(Object value, Call call) {
    if (call.positional().isEmpty()) {
      Call attribute = call.takes("attribute", "default");
      Object path = attribute.get(0, "attribute");
      return Values.items(value).stream().map(item -> attribute(item, path)).toList();
    }
    String filter = call.text(0, "filter");
    Call inner =
        new Call(
            "filter '" + filter + "'",
            call.positional().subList(1, call.positional().size()),
            call.named());
    return Values.items(value).stream().map(item -> apply(filter, item, inner)).toList();
  }

  private static List<Object> chosen(Object value, Call call, boolean byAttribute, boolean kept) {
    int skip = byAttribute ? 1 : 0;
    List<Object> given = call.positional();
    if (given.size() < skip) {
      throw new TemplateException(call.what() + " needs an attribute");
    }
    String test = given.size() > skip ? Values.text(given.get(skip)) : null;
    Call inner =
        new Call(
            "test '" + test + "'",
            given.subList(Math.min(given.size(), skip + 1), given.size()),
            Map.of());
    List<Object> items = new ArrayList<>();
    for (Object item : Values.items(value)) {
      Object tested = byAttribute ? attribute(item, given.get(0)) : item;
      boolean holds = test == null ? Values.truth(tested) : Tests.holds(test, tested, inner);
      if (holds == kept) {
        items.add(item);
      }
    }
    return items;
  }

  private static Object replaced(Object value, Call call) {
    call.takes("old", "new", "count");
    return StringMethods.replace(
        PythonText.str(value),
        PythonText.str(call.get(0, "old")),
        PythonText.str(call.get(1, "new")),
        call.integer(2, "count", -1));
  }

  private static Object reversed(Object value) {
    List<Object> items = new ArrayList<>(Values.items(value));
    Collections.reverse(items);
    return value instanceof String
        ? String.join("", items.stream().map(String.class::cast).toList())
        : items;
  }

  private static Object absolute(Object value) {
    return Values.isInteger(value)
        ? (Object) Math.abs(Values.integer(value))
        : (Object) Math.abs(Values.number(value));
  }

  private static Object rounded(Object value, Call call) {
    int digits = (int) call.integer(0, "precision", 0);
    String method = PythonText.str(call.get(1, "method", "common"));
    double scale = Math.pow(10, digits);
    return switch (method) {
      case "common" ->
          Values.isInteger(value) && digits >= 0
              ? value
              // Of the exact binary value, as Python's round.
              : (Object)
                  new BigDecimal(Values.number(value))
                      .setScale(digits, RoundingMode.HALF_EVEN)
                      .doubleValue();
      case "ceil" -> Math.ceil(Values.number(value) * scale) / scale;
      case "floor" -> Math.floor(Values.number(value) * scale) / scale;
      default -> throw Names.unknown("rounding", method, List.of("common", "ceil", "floor"));
    };
  }

  private static Object folded(Object value, Call call, int index) {
    return value instanceof String text && !call.truth(index, "case_sensitive")
        ? StringMethods.lower(text)
        : value;
  }

  private static Comparator<Object> order(Call call, int caseAt, int attributeAt) {
    Object path = call.get(attributeAt, "attribute", None.NONE);
    return (a, b) ->
        Values.compare(
            folded(path == None.NONE ? a : attribute(a, path), call, caseAt),
            folded(path == None.NONE ? b : attribute(b, path), call, caseAt));
  }

  private static List<Object> sorted(Object value, Call call) {
    List<Object> items = new ArrayList<>(Values.items(value));
    Comparator<Object> order = order(call, 1, 2);
    items.sort(call.truth(0, "reverse") ? order.reversed() : order);
    return items;
  }

  private static Object extreme(Object value, Call call, int sign) {
    List<Object> items = Values.items(value);
    Comparator<Object> order = order(call, 0, 1);
    Object best = items.isEmpty() ? new Undefined("no item to choose from") : items.get(0);
    for (Object item : items) {
      best = sign * order.compare(item, best) > 0 ? item : best;
    }
    return best;
  }

  private static List<Object> unique(Object value, Call call) {
    Object path = call.get(1, "attribute", None.NONE);
    Map<Object, Object> seen = new LinkedHashMap<>();
    for (Object item : Values.items(value)) {
      Object key = folded(path == None.NONE ? item : attribute(item, path), call, 0);
      seen.putIfAbsent(key, item);
    }
    return new ArrayList<>(seen.values());
  }

  private static List<Object> sortedEntries(Object value, Call call) {
    List<Object> entries = new ArrayList<>();
    map(value).forEach((key, item) -> entries.add(Tuple.of(key, item)));
    entries.sort(
        (a, b) ->
            Values.compare(
                folded(((Tuple) a).get(0), call, 0), folded(((Tuple) b).get(0), call, 0)));
    return entries;
  }

  private static Object sum(Object value, Call call) {
    Object total = call.get(1, "start", 0L);
    for (Object item : of(value, call, 0)) {
      total = Operators.apply("+", total, item);
    }
    return total;
  }

  /** Jinja's own: what follows space, a dash or an opening bracket begins a word. */
  private static String title(String text) {
    return Pattern.compile("([-\\s({\\[<]+)|([^-\\s({\\[<]+)", Pattern.UNICODE_CHARACTER_CLASS)
        .matcher(text)
        .replaceAll(
            part ->
                java.util.regex.Matcher.quoteReplacement(
                    part.group(1) != null
                        ? part.group()
                        : StringMethods.upper(part.group().substring(0, 1))
                            + StringMethods.lower(part.group().substring(1))));
  }
}
