package io.kerf.template;

import io.kerf.name.Names;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** Jinja's tests: what follows {@code is}. */
final class Tests {
  private static final TreeMap<String, BiPredicate<Object, Call>> ALL = new TreeMap<>();

  static {
    ALL.put("boolean", (v, c) -> v instanceof Boolean);
    ALL.put("defined", (v, c) -> !(v instanceof Undefined));
    ALL.put(
        "divisibleby",
        (v, c) -> Math.floorMod(Values.integer(v), Values.integer(c.get(0, "num"))) == 0);
    ALL.put("eq", (v, c) -> Values.equal(v, c.get(0, "other")));
    ALL.put("equalto", (v, c) -> Values.equal(v, c.get(0, "other")));
    ALL.put("even", (v, c) -> Values.integer(v) % 2 == 0);
    ALL.put("false", (v, c) -> Boolean.FALSE.equals(v));
    ALL.put("float", (v, c) -> v instanceof Double);
    ALL.put("ge", (v, c) -> Values.compare(v, c.get(0, "other")) >= 0);
    ALL.put("gt", (v, c) -> Values.compare(v, c.get(0, "other")) > 0);
    ALL.put("in", (v, c) -> (Boolean) Operators.apply("in", v, c.get(0, "seq")));
    ALL.put("integer", (v, c) -> v instanceof Long);
    ALL.put("iterable", (v, c) -> isSequence(v));
    ALL.put("le", (v, c) -> Values.compare(v, c.get(0, "other")) <= 0);
    ALL.put("lower", (v, c) -> PythonText.str(v).equals(StringMethods.lower(PythonText.str(v))));
    ALL.put("lt", (v, c) -> Values.compare(v, c.get(0, "other")) < 0);
    ALL.put("mapping", (v, c) -> v instanceof Map);
    ALL.put("ne", (v, c) -> !Values.equal(v, c.get(0, "other")));
    ALL.put("none", (v, c) -> v == None.NONE);
    ALL.put("number", (v, c) -> Values.isNumber(v));
    ALL.put("odd", (v, c) -> Math.floorMod(Values.integer(v), 2L) == 1);
    ALL.put("sequence", (v, c) -> isSequence(v));
    ALL.put("string", (v, c) -> v instanceof String);
    ALL.put("true", (v, c) -> Boolean.TRUE.equals(v));
    ALL.put("undefined", (v, c) -> v instanceof Undefined);
    ALL.put("upper", (v, c) -> PythonText.str(v).equals(StringMethods.upper(PythonText.str(v))));
  }

  private static final Map<String, String> SIGNS =
      Map.of("==", "eq", "!=", "ne", "<", "lt", "<=", "le", ">", "gt", ">=", "ge");

  private Tests() {}

  private static boolean isSequence(Object value) {
    return value instanceof List || value instanceof String || value instanceof Map;
  }

  static boolean holds(String name, Object value, Call call) {
    BiPredicate<Object, Call> test = ALL.get(SIGNS.getOrDefault(name.toLowerCase(), name));
    if (test == null) {
      throw Names.unknown("test", name, ALL.keySet());
    }
    if (value instanceof Undefined undefined && !name.endsWith("defined")) {
      throw undefined.error();
    }
    return test.test(value, call);
  }
}
